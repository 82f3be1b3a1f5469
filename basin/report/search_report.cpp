#include "basin/report/search_report.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "basin/analysis/border.hpp"
#include "basin/analysis/expected_best.hpp"
#include "basin/analysis/importance.hpp"
#include "basin/analysis/winners_curse.hpp"

namespace basin::report {
namespace {

using study::State;
using study::StoredTrial;

constexpr std::size_t most_steps = 50;  // of a line of expected bests

analysis::Axis axis_of(const search::Parameter& p) {
  return {.low = p.low,
          .high = p.high,
          .scale = p.scale,
          .integer = p.kind == search::Kind::integer,
          .choices = p.kind == search::Kind::category ? p.choices.size() : 0};
}

// 1, 2, 3, ... up to the number of trials; where that is too many, evenly spaced on a log scale.
std::vector<int> numbers_upto(std::size_t trials) {
  std::vector<int> out;
  const auto last = static_cast<double>(trials);
  const double ratio = std::pow(last, 1.0 / (most_steps - 1));
  for (double at = 1; at < last + 0.5; at = trials <= most_steps ? at + 1 : std::max(at + 1, at * ratio))
    out.push_back(static_cast<int>(at));
  if (!out.empty() && out.back() != static_cast<int>(trials)) out.push_back(static_cast<int>(trials));
  return out;
}

bool has_ended(const StoredTrial& stored) {
  return stored.result.state != State::waiting && stored.result.state != State::running;
}

double worth_of(const StoredTrial& stored, const Metric& metric) {
  const bool reached = stored.result.state == State::complete || stored.result.state == State::pruned;
  const double worth = metric.worth(stored.result.validation);
  return reached && std::isfinite(worth) ? worth : -std::numeric_limits<double>::infinity();
}

SearchResults results_of(const study::SearchArm& arm, const std::vector<StoredTrial>& trials,
                         const Metric& metric) {
  SearchResults out{.space = arm.space, .points = {}, .worths = {}};
  for (const StoredTrial& stored : trials) {
    const study::Trial& trial = stored.trial;
    if (trial.config.optimizer != base_of(arm).optimizer || !searched(trial) || !has_ended(stored)) continue;
    out.points.push_back(point_of(trial.config, arm.space));
    out.worths.push_back(worth_of(stored, metric));
  }
  return out;
}

// Returns the smallest finite worth; 0 if there is none.
double worst_of(const std::vector<SearchResults>& all) {
  double worst = std::numeric_limits<double>::infinity();
  for (const SearchResults& results : all)
    for (const double worth : results.worths)
      if (std::isfinite(worth)) worst = std::min(worst, worth);
  return std::isfinite(worst) ? worst : 0;
}

// Turns worths into values of a metric of which smaller ones are better.
void negate(std::vector<ExpectedBest>& rows) {
  for (ExpectedBest& row : rows) row = {.n = row.n, .value = -row.value, .low = -row.high, .high = -row.low};
}

}  // namespace

std::vector<Importance> importance_of(const SearchResults& results) {
  constexpr std::size_t fewest = 20;
  if (results.points.size() < fewest) return {};
  std::vector<analysis::Axis> axes;
  for (const search::Parameter& p : results.space.parameters) axes.push_back(axis_of(p));
  std::vector<double> losses;
  for (const double worth : results.worths) losses.push_back(-worth);
  const auto found = analysis::importance(axes, results.points, losses);
  const double sum = std::accumulate(found.begin(), found.end(), 0.0);
  if (!(sum > 0)) return {};
  std::vector<Importance> out;
  for (std::size_t i = 0; i < found.size(); ++i)
    out.push_back({.name = results.space.parameters[i].name, .value = found[i] / sum});
  std::ranges::stable_sort(out, std::greater{}, &Importance::value);
  return out;
}

std::vector<ExpectedBest> expected_best_of(const SearchResults& results, double floor, std::uint64_t seed) {
  if (results.worths.empty()) return {};
  std::vector<double> worths;
  for (const double worth : results.worths) worths.push_back(std::max(worth, floor));
  std::vector<ExpectedBest> out;
  const std::vector<int> ns = numbers_upto(worths.size());
  for (const analysis::ExpectedBest& row : analysis::expected_best_band(worths, ns, seed))
    out.push_back({.n = row.n, .value = row.value, .low = row.low, .high = row.high});
  return out;
}

std::vector<AtBorder> borders_of(const SearchResults& results) {
  const auto best = std::ranges::max_element(results.worths);
  if (best == results.worths.end() || !std::isfinite(*best)) return {};
  const search::Point& point = results.points[static_cast<std::size_t>(best - results.worths.begin())];
  std::vector<AtBorder> out;
  for (std::size_t i = 0; i < point.size(); ++i) {
    const search::Parameter& p = results.space.parameters[i];
    if (std::isnan(point[i])) continue;
    const analysis::Border border = analysis::border_of(axis_of(p), point[i]);
    if (border == analysis::Border::none) continue;
    out.push_back(
        {.name = p.name, .value = point[i], .end = border == analysis::Border::low ? "low" : "high"});
  }
  return out;
}

std::optional<SearchReport> search_report(const study::Study& study, const std::vector<StoredTrial>& trials) {
  if (!study.search) return std::nullopt;
  const study::Search& search = *study.search;
  const Metric metric = study::metric_of(study);
  SearchReport out{.sampler = search.sampler,
                   .pruner = search.pruner,
                   .trials_per_optimizer = search.trials,
                   .finalists = search.finalists,
                   .lag = search.lag,
                   .warmup = search.warmup,
                   .audit = search.audit,
                   .winners_curse = analysis::winners_curse(std::max(search.trials, 1))};
  std::vector<SearchResults> all;
  for (const study::SearchArm& arm : search.arms) all.push_back(results_of(arm, trials, metric));
  const double floor = worst_of(all);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::string& optimizer = base_of(search.arms[i]).optimizer;
    out.space[optimizer] = all[i].space;
    out.importance[optimizer] = importance_of(all[i]);
    out.borders[optimizer] = borders_of(all[i]);
    auto& expected = out.expected_best[optimizer] = expected_best_of(all[i], floor, study.settings.seed);
    if (!metric.larger_is_better) negate(expected);
  }
  return out;
}

}  // namespace basin::report
