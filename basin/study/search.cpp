#include "basin/study/search.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <optional>
#include <set>

#include "basin/core/error.hpp"
#include "basin/core/knobs.hpp"
#include "basin/search/unit.hpp"

namespace basin::study {
namespace {

using search::Kind;
using search::Parameter;

// The choice of a category as text; any other value as a number.
struct Value {
  double number;
  const std::string* text = nullptr;  // of a category
};

Value chosen(const Parameter& parameter, double at) {
  if (parameter.kind != Kind::category) return {at};
  const std::string& text = parameter.choices.at(static_cast<std::size_t>(at));
  return {number_of(text).value_or(not_known), &text};
}

// Returns the knob that a parameter sets: "beta1" for adam.beta1.
std::string knob_of(const std::string& optimizer, const std::string& name) {
  const std::string before = optimizer + ".";
  return name.starts_with(before) ? name.substr(before.size()) : name;
}

const Worded* worded_as(const Configuration& config, const std::string& name) {
  const auto found = std::ranges::find(worded, name, &Worded::name);
  return is_program(config) || found == worded.end() ? nullptr : &*found;
}
bool is_batch_size(const Configuration& config, const std::string& name) {
  return !is_program(config) && name == "batch_size";
}

void set(Configuration& config, const Parameter& parameter, double at) {
  const Value value = chosen(parameter, at);
  if (is_program(config) && value.text && std::isnan(value.number))
    config.values[parameter.name] = *value.text;
  else if (const Worded* w = worded_as(config, parameter.name))
    config.*w->text = *value.text;
  else if (is_batch_size(config, parameter.name))
    config.batch_size = std::llround(value.number);
  else
    config.knobs[knob_of(config.optimizer, parameter.name)] = value.number;
}

double index_of(const Parameter& parameter, const std::string& text) {
  const auto found = std::ranges::find(parameter.choices, text);
  return found == parameter.choices.end() ? 0.0 : static_cast<double>(found - parameter.choices.begin());
}

// The choice nearest to a number, on a log scale where there is one.
double index_of(const Parameter& parameter, double number) {
  const auto far = [&](const std::string& choice) {
    const double other = number_of(choice).value_or(not_known);
    const bool both = number > 0 && other > 0;
    return both ? std::fabs(std::log(other / number)) : std::fabs(other - number);
  };
  const auto nearest = std::ranges::min_element(parameter.choices, {}, far);
  return static_cast<double>(nearest - parameter.choices.begin());
}

std::optional<double> number_in(const Configuration& config, const std::string& name) {
  if (is_batch_size(config, name)) return static_cast<double>(config.batch_size);
  const auto found = config.knobs.find(knob_of(config.optimizer, name));
  return found == config.knobs.end() ? std::nullopt : std::optional(found->second);
}

double value_of(const Configuration& config, const Parameter& parameter) {
  if (const Worded* w = worded_as(config, parameter.name)) return index_of(parameter, config.*w->text);
  if (const auto text = config.values.find(parameter.name); text != config.values.end())
    return index_of(parameter, text->second);
  const std::optional<double> number = number_in(config, parameter.name);
  if (!number) return not_known;
  if (parameter.kind == Kind::category) return index_of(parameter, *number);
  return std::clamp(*number, parameter.low, parameter.high);
}

std::string size_text(const Parameter& parameter) {
  char out[64];
  const double low = parameter.low, high = parameter.high;
  if (parameter.kind == Kind::category)
    std::snprintf(out, sizeof out, "%zu values", parameter.choices.size());
  else if (parameter.scale == Scale::log)
    std::snprintf(out, sizeof out, "%.1f decades", std::log10(high / low));
  else if (parameter.scale == Scale::complement_log)
    std::snprintf(out, sizeof out, "%.1f decades of 1 -", std::log10((1 - low) / (1 - high)));
  else
    return text_of(low) + " to " + text_of(high) + " of " + parameter.name;
  return std::string(out) + (parameter.scale == Scale::complement_log ? " " : " of ") + parameter.name;
}

}  // namespace

Configuration with_point(Configuration config, const search::Space& space, const search::Point& point) {
  for (std::size_t i = 0; i < space.parameters.size(); ++i)
    if (!std::isnan(point.at(i))) set(config, space.parameters[i], point[i]);
  return config;
}

search::Point point_of(const Configuration& config, const search::Space& space) {
  search::Point out;
  for (std::size_t i = 0; i < space.parameters.size(); ++i)
    out.push_back(search::is_there(space, out, i) ? value_of(config, space.parameters[i]) : not_known);
  return out;
}

Configuration with_settings_of(const Configuration& other, const search::Space& space, Configuration config) {
  for (const Parameter& parameter : space.parameters) {
    const std::string knob = knob_of(other.optimizer, parameter.name);
    if (const auto text = other.values.find(parameter.name); text != other.values.end())
      config.values[parameter.name] = text->second;
    else if (const Worded* w = worded_as(config, parameter.name))
      config.*w->text = other.*w->text;
    else if (is_batch_size(config, parameter.name))
      config.batch_size = other.batch_size;
    else if (const auto found = other.knobs.find(knob); found != other.knobs.end())
      config.knobs[knob] = found->second;
  }
  return config;
}

bool has_default(const SearchArm& arm) {
  const Configuration& base = base_of(arm);
  return !is_program(base) || !base.knobs.empty() || !base.values.empty();
}

std::size_t trials_of(const Search& search) {
  std::size_t out = 0;
  for (const SearchArm& arm : search.arms)
    out += static_cast<std::size_t>(search.trials) +
           static_cast<std::size_t>(search.finalists) * arm.variants.size();
  return out;
}

std::string size_text(const search::Space& space) {
  std::string out;
  for (const Parameter& parameter : space.parameters) out += (out.empty() ? "" : ", ") + size_text(parameter);
  return out;
}

void check(const Search& search) {
  const auto at_least = [](const char* what, int value, int low) {
    if (value < low)
      throw InputError("search: " + std::string(what) + " = " + std::to_string(value) + "; it must be " +
                       std::to_string(low) + " or more");
  };
  at_least("trials", search.trials, 1);
  at_least("finalists", search.finalists, 0);
  at_least("lag", search.lag, 1);
  if (!(search.audit >= 0 && search.audit <= 1))
    throw InputError("search: audit = " + text_of(search.audit) + "; it must be in [0, 1]");
  if (search.arms.empty()) throw InputError("search: there is no arm");
  std::set<std::string> names;
  for (const SearchArm& arm : search.arms) {
    if (arm.variants.empty()) throw InputError("search: an arm has no configuration to start from");
    const std::string& name = base_of(arm).optimizer;
    if (!names.insert(name).second) throw InputError("search: " + name + " is there twice");
    if (arm.space.parameters.empty()) throw InputError("search: nothing is searched for " + name);
  }
}

}  // namespace basin::study
