#include "basin/study/design.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "basin/core/error.hpp"
#include "basin/core/names.hpp"
#include "basin/rules/catalogue.hpp"

namespace basin::study {
namespace {

// One factor of one optimizer: its name, and the effect of each of its values on a configuration.
struct Factor {
  std::string name;
  std::vector<std::function<void(Configuration&)>> levels;
};

template <class T>
std::vector<T> distinct(const std::vector<T>& values, const std::string& name) {
  if (values.empty()) throw InputError("no value for " + name + "; at least one is needed");
  std::vector<T> out;
  for (const T& value : values) {
    if (std::ranges::find(out, value) == out.end()) out.push_back(value);
  }
  return out;
}

Factor knob_factor(const std::string& optimizer, const std::string& knob, const std::vector<double>& values) {
  const RuleInfo& rule = find_rule(optimizer);
  const auto known = std::ranges::find(rule.knobs, knob, &Knob::name);
  if (known == rule.knobs.end()) {
    std::vector<std::string_view> names;
    for (const Knob& k : rule.knobs) names.push_back(k.name);
    no_such_knob(rule.name, knob, names);
  }
  Factor factor{qualified(optimizer, knob), {}};
  for (const double value : distinct(values, factor.name)) {
    check_range(rule.name, knob, value, *known->range);
    factor.levels.emplace_back([knob, value](Configuration& c) { c.knobs[knob] = value; });
  }
  return factor;
}

std::vector<double> values_of(const Arms& arms, const std::string& optimizer, const std::string& knob) {
  std::vector<double> out;
  for (const KnobValues& list : arms.knobs) {
    if (list.optimizer == optimizer && list.knob == knob)
      out.insert(out.end(), list.values.begin(), list.values.end());
  }
  return out;
}

std::vector<double> rates_of(const Arms& arms, const std::string& optimizer) {
  if (const auto own = values_of(arms, optimizer, "lr"); !own.empty()) return own;
  return arms.lr.empty() ? std::vector{find_rule(optimizer).knobs.front().initial} : arms.lr;
}

Factor batch_size_factor(const Arms& arms) {
  Factor factor{"batch_size", {}};
  if (arms.batch_sizes.empty()) {
    factor.levels.emplace_back([](Configuration&) {});
    return factor;
  }
  for (const std::int64_t size : distinct(arms.batch_sizes, "batch_size")) {
    if (size < 1) throw InputError("batch_size = " + std::to_string(size) + "; it must be 1 or more");
    factor.levels.emplace_back([size](Configuration& c) { c.batch_size = size; });
  }
  return factor;
}

Factor worded_factor(const Arms& arms, const Worded& w) {
  Factor factor{std::string(w.name), {}};
  const auto given = arms.words.find(factor.name);
  for (const std::string& text :
       given == arms.words.end() ? std::vector{usual(w)} : distinct(given->second, factor.name))
    factor.levels.emplace_back([text, &w](Configuration& c) { c.*w.text = text; });
  return factor;
}

std::vector<Factor> factors_of(const Arms& arms, const std::string& optimizer) {
  std::vector<Factor> factors{knob_factor(optimizer, "lr", rates_of(arms, optimizer)),
                              batch_size_factor(arms)};
  for (const Worded& w : worded) factors.push_back(worded_factor(arms, w));
  std::vector<std::string> seen{"lr"};
  for (const KnobValues& list : arms.knobs) {
    if (list.optimizer != optimizer || std::ranges::find(seen, list.knob) != seen.end()) continue;
    seen.push_back(list.knob);
    factors.push_back(knob_factor(optimizer, list.knob, values_of(arms, optimizer, list.knob)));
  }
  return factors;
}

// Checked before they are created: a few lists can multiply to more than fits in memory.
std::size_t check_count(std::size_t trials) {
  constexpr std::size_t most = 1'000'000;
  if (trials <= most) return trials;
  throw InputError("more than " + std::to_string(most) + " trials; take fewer values, or fewer seeds");
}

// The configurations that one optimizer tries, each with the name of what it varies.
using Plan = std::vector<std::pair<std::string, Configuration>>;

Configuration base_of(const std::string& optimizer, const std::vector<Factor>& factors) {
  Configuration config{.optimizer = optimizer};
  for (const Factor& factor : factors) factor.levels.front()(config);
  return config;
}

Plan one_factor_at_a_time(const Configuration& base, const std::vector<Factor>& factors) {
  Plan plan{{"base", base}};
  for (const Factor& factor : factors) {
    for (std::size_t i = 1; i < factor.levels.size(); ++i) {
      plan.emplace_back(factor.name, base);
      factor.levels[i](plan.back().second);
    }
  }
  return plan;
}

Plan all_combinations(const Configuration& base, const std::vector<Factor>& factors) {
  std::size_t count = 1;
  for (const Factor& factor : factors) count = check_count(count * factor.levels.size());
  Plan plan{{"grid", base}};
  for (const Factor& factor : factors) {
    Plan wider;
    for (const auto& [name, config] : plan) {
      for (const auto& set : factor.levels) {
        wider.emplace_back(name, config);
        set(wider.back().second);
      }
    }
    plan = std::move(wider);
  }
  return plan;
}

// a1 b1 c1 a2 b2 c2 ...
Plan taking_turns(const std::vector<Plan>& plans) {
  Plan out;
  std::size_t longest = 0;
  for (const Plan& plan : plans) longest = std::max(longest, plan.size());
  for (std::size_t i = 0; i < longest; ++i) {
    for (const Plan& plan : plans) {
      if (i < plan.size()) out.push_back(plan[i]);
    }
  }
  return out;
}

void check_knobs_have_their_optimizer(const Arms& arms) {
  for (const KnobValues& list : arms.knobs) {
    if (std::ranges::find(arms.optimizers, list.optimizer) == arms.optimizers.end()) {
      throw InputError(list.optimizer + "." + list.knob + ": " + list.optimizer +
                       " is not among the optimizers, " + listed(arms.optimizers));
    }
  }
}

}  // namespace

std::vector<Trial> make_trials(const Arms& arms, std::string_view design, int replicates) {
  static const std::vector<std::string> designs{"ofat", "grid"};
  if (std::ranges::find(designs, design) == designs.end())
    throw InputError(unknown("design", design, designs));
  if (replicates < 1)
    throw InputError("replicates = " + std::to_string(replicates) + "; it must be 1 or more");
  check_knobs_have_their_optimizer(arms);
  std::vector<Plan> plans;
  for (const std::string& optimizer : distinct(arms.optimizers, "optimizers")) {
    const auto factors = factors_of(arms, optimizer);
    const Configuration base = base_of(optimizer, factors);
    plans.push_back(design == "ofat" ? one_factor_at_a_time(base, factors) : all_combinations(base, factors));
  }
  const Plan plan = taking_turns(plans);
  check_count(plan.size() * static_cast<std::size_t>(replicates));
  std::vector<Trial> trials;
  for (int replicate = 0; replicate < replicates; ++replicate) {
    for (const auto& [factor, config] : plan)
      trials.push_back({static_cast<int>(trials.size()), config, replicate, factor});
  }
  return trials;
}

}  // namespace basin::study
