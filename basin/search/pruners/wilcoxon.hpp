// Wilcoxon: ends a configuration that is worse than the best one on the seeds that both have run.
//
// Points   one for each seed, in the same order for every configuration, at 1/n, 2/n, ... of its n seeds
// Rule     the signed-rank test of the differences from the complete curve with the smallest mean, one-sided,
//          has p below `p`. At least two seeds are shared. A curve whose mean is smaller than that of the
//          best one never ends. A value that is not finite ends it.
// Test     exact, by the distribution over all signs given the ranks. Equal sizes share their ranks; half of
//          the rank of a difference of zero counts on either side (zsplit).
// Source   optuna.pruners.WilcoxonPruner, which approximates where there are ties or zeros
#pragma once
#include <numeric>

#include "basin/search/pruner.hpp"

namespace basin::search::pruners {

// Returns the ranks of sizes from 1, doubled so that shared ranks are whole numbers.
inline std::vector<std::size_t> doubled_ranks(const std::vector<double>& sizes) {
  std::vector<std::size_t> ranks;
  for (const double size : sizes) {
    const auto smaller = std::ranges::count_if(sizes, [&](double other) { return other < size; });
    const auto equal = std::ranges::count(sizes, size);
    ranks.push_back(static_cast<std::size_t>(2 * smaller + equal + 1));
  }
  return ranks;
}

// Returns the probability that signs drawn at random make the positive differences as heavy as they are.
inline double signed_rank_p(const std::vector<double>& differences) {
  std::vector<double> sizes;
  for (const double difference : differences) sizes.push_back(std::abs(difference));
  const auto ranks = doubled_ranks(sizes);
  const auto most = std::accumulate(ranks.begin(), ranks.end(), std::size_t{0});
  std::vector<double> chance(most + 1, 0.0);  // that the positive ranks, zeros left out, sum up to the index
  chance[0] = 1;
  std::size_t positive = 0;
  for (std::size_t i = 0; i < ranks.size(); ++i) {
    if (differences[i] == 0) continue;
    if (differences[i] > 0) positive += ranks[i];
    for (std::size_t sum = most + 1; sum-- > 0;)
      chance[sum] = (chance[sum] + (sum >= ranks[i] ? chance[sum - ranks[i]] : 0)) / 2;
  }
  return std::accumulate(chance.begin() + static_cast<std::ptrdiff_t>(positive), chance.end(), 0.0);
}

struct Wilcoxon {
  static constexpr Info info{
      .name = "wilcoxon",
      .title = "Wilcoxon",
      .help = "ends a configuration that is worse than the best on the seeds both have run",
      .paper = "Wilcoxon, Individual Comparisons by Ranking Methods, 1945"};
  static constexpr std::string_view name = info.name;
  Fraction p = 0.1, warmup = 0.2;
  Steps startup = 2;  // seeds; 2 at least
  BASIN_KNOBS(p, warmup, startup)

  bool ends(const Curve& trial, std::span<const Curve> earlier) const {
    if (std::isnan(trial.points.back().second)) return true;
    const Curve* best = nullptr;
    for (const Curve& curve : earlier)
      if (curve.complete && !std::isnan(mean_of(curve)) && (!best || mean_of(curve) < mean_of(*best)))
        best = &curve;
    if (!best || mean_of(trial) <= mean_of(*best)) return false;
    const auto differences = differences_of(trial, *best);
    return static_cast<double>(differences.size()) >= std::max<double>(startup, 2) &&
           signed_rank_p(differences) < p;
  }

 private:
  static double mean_of(const Curve& curve) {
    double sum = 0;
    for (const auto& point : curve.points) sum += point.second;
    return sum / static_cast<double>(curve.points.size());
  }
  static std::vector<double> differences_of(const Curve& trial, const Curve& best) {
    std::vector<double> out;
    for (const auto& [at, value] : trial.points)
      for (const auto& [same, other] : best.points)
        if (std::abs(at - same) < same_fraction) out.push_back(value - other);
    return out;
  }
};
static_assert(Described<Wilcoxon>);

}  // namespace basin::search::pruners
