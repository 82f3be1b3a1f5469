#include "basin/study/ranking.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace basin::study {
namespace {

using Trials = std::vector<const StoredTrial*>;

// One configuration of an optimizer, with its replicates.
struct Group {
  Configuration config;
  Trials trials;
  double value = not_known;  // mean score over the replicates that have ended
};

// Everything known about one optimizer; its configurations in the order of their first trial.
struct Arm {
  std::string optimizer;
  std::vector<Group> groups;  // that are compared
  Trials trials;              // all
  int configurations = 0;     // of all
};

template <class T, class Key, class Member>
T& find_or_add(std::vector<T>& items, const Key& key, Member member) {
  const auto found = std::ranges::find(items, key, member);
  if (found != items.end()) return *found;
  items.emplace_back().*member = key;
  return items.back();
}

double mean_score(const Trials& trials, const Metric& metric) {
  double sum = 0;
  int n = 0;
  for (const StoredTrial* trial : trials) {
    const double value = score(*trial, metric);
    if (!std::isnan(value)) sum += value, ++n;
  }
  return n == 0 ? not_known : sum / n;
}

// What a search has seen has been selected for its luck, too; only fresh seeds are compared, once they are
// there.
void leave_the_search_out(Arm& arm) {
  const auto was_searched = [](const StoredTrial* t) { return searched(t->trial); };
  if (std::ranges::all_of(arm.trials, was_searched)) return;
  for (Group& group : arm.groups) std::erase_if(group.trials, was_searched);
  std::erase_if(arm.groups, [](const Group& group) { return group.trials.empty(); });
}

std::vector<Arm> arms_of(const std::vector<StoredTrial>& trials, const Metric& metric) {
  std::vector<Arm> arms;
  for (const StoredTrial& stored : trials) {
    const Configuration& config = stored.trial.config;
    Arm& arm = find_or_add(arms, config.optimizer, &Arm::optimizer);
    find_or_add(arm.groups, config, &Group::config).trials.push_back(&stored);
    arm.trials.push_back(&stored);
  }
  for (Arm& arm : arms) {
    arm.configurations = static_cast<int>(arm.groups.size());
    leave_the_search_out(arm);
    for (Group& group : arm.groups) group.value = mean_score(group.trials, metric);
  }
  return arms;
}

// Unknown is worse than diverged.
bool better(double a, double b) { return !std::isnan(a) && (std::isnan(b) || a > b); }

const Group& selected(const Arm& arm) {
  return *std::ranges::max_element(
      arm.groups, [](double a, double b) { return better(b, a); }, &Group::value);
}

// Returns where the validation metric first reaches the target; nullptr if it never does.
const Epoch* reached(const StoredTrial& trial, const Metric& metric, double target) {
  const auto found = std::ranges::find_if(trial.curve, [&](const Epoch& e) {
    const double value = value_of(e.validation, metric.name);
    return metric.larger_is_better ? value >= target : value <= target;
  });
  return target == 0 || found == trial.curve.end() ? nullptr : &*found;
}

template <class Value>
Summary over(const Trials& trials, Value value) {
  std::vector<double> values;
  for (const StoredTrial* trial : trials) values.push_back(value(*trial));
  return summarize(std::move(values));
}

// Summarizes each metric of the validation scores, as `score_of` has it.
template <class ScoreOf>
Summaries over_scores(const Trials& trials, ScoreOf score_of) {
  Summaries out;
  for (const StoredTrial* trial : trials)
    for (const auto& [name, value] : trial->result.validation) out[name];
  for (auto& entry : out)
    entry.second = over(trials, [&](const StoredTrial& t) { return value_of(score_of(t), entry.first); });
  return out;
}

void summarize_selected(RankingRow& row, const Group& group, const Metric& metric, double target) {
  Trials complete;
  for (const StoredTrial* trial : group.trials) {
    row.trials.push_back(trial->trial.number);
    row.state_bytes = std::max(row.state_bytes, trial->result.state_bytes);
    if (trial->result.state == State::complete) complete.push_back(trial);
  }
  row.config = group.config;
  row.validation = over_scores(complete, [](const StoredTrial& t) { return t.result.validation; });
  row.test = over_scores(complete, [](const StoredTrial& t) { return t.test.value_or(TestResult{}); });
  row.epochs_to_target = over(complete, [&](const auto& t) {
    const Epoch* at = reached(t, metric, target);
    return at ? at->epoch : not_known;
  });
  row.seconds_to_target = over(complete, [&](const auto& t) {
    const Epoch* at = reached(t, metric, target);
    return at ? at->seconds : not_known;
  });
  row.optimizer_ms = over(group.trials, [](const auto& t) { return t.result.optimizer_ms; }).mean;
}

void count_states(RankingRow& row, const Arm& arm) {
  row.configurations = arm.configurations;
  for (const StoredTrial* trial : arm.trials) {
    row.finished += trial->result.state == State::complete;
    row.diverged += trial->result.state == State::diverged;
    row.failed += trial->result.state == State::failed;
    row.pruned += trial->result.state == State::pruned;
  }
}

// Linear interpolation between the ranks of sorted values.
double quantile(const std::vector<double>& sorted, double q) {
  const double at = q * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const double rest = at - static_cast<double>(below);
  return rest == 0 ? sorted[below] : sorted[below] + rest * (sorted[below + 1] - sorted[below]);
}

}  // namespace

Summary summarize(std::vector<double> values) {
  std::erase_if(values, [](double v) { return !std::isfinite(v); });
  if (values.empty()) return {};
  std::ranges::sort(values);
  const auto n = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  double squares = 0;
  for (const double v : values) squares += (v - mean) * (v - mean);
  return {.mean = mean,
          .sd = n > 1 ? std::sqrt(squares / (n - 1)) : not_known,
          .median = quantile(values, 0.5),
          .low = quantile(values, 0.25),
          .high = quantile(values, 0.75),
          .n = static_cast<int>(values.size())};
}

double score(const StoredTrial& trial, const Metric& metric) {
  const Result& result = trial.result;
  if (result.state == State::waiting || result.state == State::running) return not_known;
  const double value = metric.worth(result.validation);
  return result.state == State::complete && std::isfinite(value) ? value
                                                                 : -std::numeric_limits<double>::infinity();
}

std::vector<RankingRow> rank(const std::vector<StoredTrial>& trials, const Metric& metric, double target) {
  std::vector<Arm> arms = arms_of(trials, metric);
  std::ranges::stable_sort(arms, better, [](const Arm& arm) { return selected(arm).value; });
  std::vector<RankingRow> rows;
  for (const Arm& arm : arms) {
    RankingRow& row = rows.emplace_back();
    row.rank = static_cast<int>(rows.size());
    row.optimizer = arm.optimizer;
    summarize_selected(row, selected(arm), metric, target);
    count_states(row, arm);
  }
  return rows;
}

std::vector<int> to_be_tested(const std::vector<StoredTrial>& trials, const Metric& metric) {
  std::vector<int> numbers;
  for (const Arm& arm : arms_of(trials, metric)) {
    for (const StoredTrial* trial : selected(arm).trials) {
      if (trial->result.state == State::complete && !trial->test) numbers.push_back(trial->trial.number);
    }
  }
  std::ranges::sort(numbers);
  return numbers;
}

}  // namespace basin::study
