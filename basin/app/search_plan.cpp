#include "basin/app/search_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "basin/core/error.hpp"
#include "basin/core/knobs.hpp"
#include "basin/core/names.hpp"
#include "basin/rules/catalogue.hpp"
#include "basin/search/pruners.hpp"
#include "basin/search/samplers.hpp"
#include "basin/search/unit.hpp"

namespace basin::app {
namespace {

using search::Kind;
using search::Parameter;
using study::SearchArm;

// One --search: adam.lr=1e-5..1e-1.
struct Assignment {
  std::string text, optimizer, name, values;  // optimizer: empty for every one
};

const study::Worded* worded_as(const std::string& name) {
  const auto found = std::ranges::find(study::worded, name, &study::Worded::name);
  return found == study::worded.end() ? nullptr : &*found;
}

Assignment assignment_of(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == text.size())
    throw InputError(fmt::format(
        "--search: '{}' is not NAME=RANGE; write it like lr=1e-5..1e-1 or batch_size=32,64,128", text));
  const std::string name = text.substr(0, equals);
  const std::size_t dot = name.rfind('.');  // a chain's settings may have points of their own
  if (dot == std::string::npos) return {text, "", name, text.substr(equals + 1)};
  return {text, name.substr(0, dot), name.substr(dot + 1), text.substr(equals + 1)};
}

double number_in(const Assignment& from, const std::string& item, const Range& range) {
  const auto value = number_of(item);
  if (!value) throw InputError(fmt::format("--search {}: '{}' is not a number", from.text, item));
  check_range("--search", from.name, *value, range);
  return *value;
}

std::vector<std::string> choices_of(const Assignment& from, char between) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at <= from.values.size();) {
    const std::size_t end = std::min(from.values.find(between, at), from.values.size());
    const std::string item = from.values.substr(at, end - at);
    if (item.empty()) throw InputError(fmt::format("--search {}: a value is missing", from.text));
    if (std::ranges::find(out, item) == out.end()) out.push_back(item);
    at = end + 1;
  }
  return out;
}

// A number's parameter: a range, or values.
Parameter numeric(const Assignment& from, const std::string& name, const Range& range, Kind kind) {
  const std::size_t dots = from.values.find("..");
  Parameter out{.name = name, .kind = kind, .scale = range.scale};
  if (dots == std::string::npos) {
    out.kind = Kind::category, out.scale = Scale::linear;
    for (const std::string& item : choices_of(from, ','))
      out.choices.push_back(text_of(number_in(from, item, range)));
    return out;
  }
  out.low = number_in(from, from.values.substr(0, dots), range);
  out.high = number_in(from, from.values.substr(dots + 2), range);
  if (!(out.low < out.high))
    throw InputError(fmt::format("--search {}: the range is empty; write the smaller end first", from.text));
  if (out.scale == Scale::log && out.low <= 0)
    throw InputError(
        fmt::format("--search {}: the scale of {} is logarithmic, so that both ends must be more than 0",
                    from.text, from.name));
  return out;
}

constexpr Range batch_range{1, 1e9, false, false, 16, 256, Scale::log, "a whole number, 1 or more"};

const Knob* knob_named(const RuleInfo& rule, const std::string& name) {
  const auto found = std::ranges::find(rule.knobs, name, &Knob::name);
  return found == rule.knobs.end() ? nullptr : &*found;
}

[[noreturn]] void refuse_name(const Assignment& from, const RuleInfo& rule) {
  std::vector<std::string> known{"batch_size"};
  for (const study::Worded& w : study::worded) known.emplace_back(w.name);
  for (const Knob& knob : rule.knobs) known.emplace_back(knob.name);
  throw InputError(
      fmt::format("--search {}: {}", from.text, unknown("setting of " + rule.name, from.name, known)));
}

Parameter parameter_of(const Assignment& from, const std::string& optimizer) {
  if (worded_as(from.name)) {
    const bool plain = from.name == "init" || from.name == "normalize";
    return {.name = from.name, .kind = Kind::category, .choices = choices_of(from, plain ? ',' : '|')};
  }
  if (from.name == "batch_size") return numeric(from, from.name, batch_range, Kind::integer);
  const RuleInfo& rule = find_rule(optimizer);
  const Knob* knob = knob_named(rule, from.name);
  if (!knob) refuse_name(from, rule);
  return numeric(from, study::qualified(optimizer, from.name), *knob->range, Kind::real);
}

Parameter whole_domain(const std::string& optimizer, const Knob& knob) {
  const Range& range = *knob.range;
  return {.name = study::qualified(optimizer, std::string(knob.name)),
          .kind = Kind::real,
          .low = range.search_low,
          .high = range.search_high,
          .scale = range.scale};
}

std::vector<Parameter> usual_parameters(const std::string& optimizer) {
  const RuleInfo& rule = find_rule(optimizer);
  std::vector<Parameter> out{whole_domain(optimizer, rule.knobs.front())};
  if (const Knob* decay = knob_named(rule, "weight_decay")) out.push_back(whole_domain(optimizer, *decay));
  return out;
}

// Three significant digits: what a person would type.
std::string typed(double value) { return text_of(*number_of(fmt::format("{:.3g}", value))); }

// Rates a third of a decade apart, with the given one in the middle.
Parameter rates_round(double rate) {
  Parameter out{.name = "lr", .kind = Kind::category};
  for (int k = -2; k <= 2; ++k)
    out.choices.push_back(k == 0 ? text_of(rate) : typed(rate * std::pow(10.0, k / 3.0)));
  return out;
}

std::vector<Parameter> parameters_of(const SearchRequest& asked, const std::vector<Assignment>& assignments,
                                     const study::Configuration& base) {
  if (asked.rates) return {rates_round(base.knobs.at("lr"))};
  std::vector<Parameter> out;
  for (const Assignment& a : assignments)
    if (a.optimizer.empty() || a.optimizer == base.optimizer) out.push_back(parameter_of(a, base.optimizer));
  return out.empty() ? usual_parameters(base.optimizer) : out;
}

std::vector<Assignment> assignments_of(const SearchRequest& asked, const study::Arms& arms) {
  std::vector<Assignment> out;
  for (const std::string& text : asked.spaces) {
    out.push_back(assignment_of(text));
    const std::string& optimizer = out.back().optimizer;
    if (!optimizer.empty() && std::ranges::find(arms.optimizers, optimizer) == arms.optimizers.end())
      throw InputError(fmt::format("--search {}: {} is not among the optimizers, {}", text, optimizer,
                                   listed(arms.optimizers)));
  }
  return out;
}

Parameter program_parameter(const Assignment& from) {
  const std::size_t dots = from.values.find(".."), colon = from.values.rfind(':');
  if (dots == std::string::npos)
    return {.name = from.name, .kind = Kind::category, .choices = choices_of(from, ',')};
  const std::string low = from.values.substr(0, dots),
                    high =
                        from.values.substr(dots + 2, colon == std::string::npos ? colon : colon - dots - 2);
  const auto is_whole = [](const std::string& text) {
    return text.find_first_not_of("-0123456789") == std::string::npos;
  };
  static constexpr Range any{-unbounded, unbounded, true, true, 0, 1, Scale::linear, "a finite number"};
  Range range = any;
  const std::string scale = colon == std::string::npos ? "" : from.values.substr(colon + 1);
  const auto names = names_of(Scale{});
  if (const auto named = std::ranges::find(names, scale); named != names.end())
    range.scale = static_cast<Scale>(named - names.begin());
  else if (!scale.empty())
    throw InputError(fmt::format("--search {}: the scale '{}' is none of linear, log and complement_log",
                                 from.text, scale));
  else if (const auto a = number_of(low), b = number_of(high); a && b && *a > 0 && *b / *a >= 100)
    range.scale = Scale::log;
  Assignment ends = from;
  ends.values = low + ".." + high;
  return numeric(ends, from.name, range, is_whole(low) && is_whole(high) ? Kind::integer : Kind::real);
}

SearchArm& arm_of(study::Search& search, const std::string& optimizer) {
  for (SearchArm& arm : search.arms)
    if (study::base_of(arm).optimizer == optimizer) return arm;
  return search.arms.emplace_back();
}

// The default of a rule is on its domain's scale, so that a search can start there.
void complete(study::Configuration& config, const search::Space& space) {
  for (const Knob& knob : find_rule(config.optimizer).knobs) {
    const std::string name(knob.name), parameter = study::qualified(config.optimizer, name);
    if (std::ranges::find(space.parameters, parameter, &Parameter::name) != space.parameters.end())
      config.knobs.emplace(name, knob.initial);
  }
}

study::Search without_arms(const SearchRequest& asked) {
  return {.sampler = asked.sampler,
          .pruner = asked.pruner,
          .trials = asked.trials,
          .finalists = asked.finalists,
          .lag = asked.lag,
          .audit = asked.audit,
          .objectives = asked.objectives,
          .arms = {}};
}

void check_whole(const study::Search& search) {
  study::check(search);
  for (const SearchArm& arm : search.arms) search::check(arm.space);
  search::make_sampler(search.sampler);  // these throw
  search::make_pruner(search.pruner);
}

}  // namespace

study::Search program_search(const SearchRequest& asked, const std::string& program) {
  study::Search out = without_arms(asked);
  SearchArm& arm = out.arms.emplace_back();
  for (const std::string& text : asked.spaces) {
    Assignment from = assignment_of(text);
    from.name = text.substr(0, text.find('='));  // a program's names may have points
    arm.space.parameters.push_back(program_parameter(from));
  }
  if (arm.space.parameters.empty())
    throw InputError("--search: nothing is searched; name what varies, like --search lr=1e-5..1e-1");
  arm.variants.push_back({"base", {.optimizer = program, .batch_size = 0}});
  check_whole(out);
  return out;
}

study::Search make_search(const Request& request, const study::Arms& arms) {
  const SearchRequest& asked = *request.search;
  study::Search out = without_arms(asked);
  for (study::Trial& trial : study::make_trials(arms, request.design, 1))
    arm_of(out, trial.config.optimizer)
        .variants.push_back({std::move(trial.factor), std::move(trial.config)});
  const std::vector<Assignment> assignments = assignments_of(asked, arms);
  for (SearchArm& arm : out.arms) {
    arm.space.parameters = parameters_of(asked, assignments, study::base_of(arm));
    for (study::Variant& variant : arm.variants) complete(variant.config, arm.space);
  }
  check_whole(out);
  return out;
}

double longest_warmup(const study::Search& search, RunLength run) {
  constexpr int parts = 1000;
  double out = 0;
  for (const study::Trial& trial : extremes(search))
    for (const KnobSchedule& of : parse_schedules(trial.config.schedule)) {
      const auto factor = [&](int part) {
        return of.schedule.factor(static_cast<double>(part) / parts * static_cast<double>(run.total - 1),
                                  static_cast<double>(run.total), static_cast<double>(run.per_epoch));
      };
      int rising = 0;
      while (of.knob == "lr" && rising < parts && factor(rising + 1) > factor(rising)) ++rising;
      out = std::max(out, static_cast<double>(rising) / parts);
    }
  return out;
}

std::vector<study::Trial> extremes(const study::Search& search) {
  std::vector<study::Trial> out;
  const auto add = [&](const study::Configuration& config) {
    out.push_back({static_cast<int>(out.size()), config, 0, study::factor_search});
  };
  for (const SearchArm& arm : search.arms) {
    for (const study::Variant& variant : arm.variants) add(variant.config);
    const search::Point start = study::point_of(study::base_of(arm), arm.space);
    for (std::size_t i = 0; i < start.size(); ++i) {
      const Parameter& parameter = arm.space.parameters[i];
      search::Point point = start;
      std::vector<double> values{parameter.low, parameter.high};
      if (parameter.kind == Kind::category) values.clear();
      for (std::size_t c = 0; c < parameter.choices.size(); ++c) values.push_back(static_cast<double>(c));
      for (const double value : values) {
        point[i] = value;
        add(study::with_point(study::base_of(arm), arm.space, point));
      }
    }
  }
  return out;
}

}  // namespace basin::app
