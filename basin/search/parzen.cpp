#include "basin/search/parzen.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <numeric>

#include "basin/search/normal.hpp"
#include "basin/search/unit.hpp"

namespace basin::search {
namespace {

constexpr std::size_t recent = 25;  // points of full weight
constexpr double negligible = -50;  // log of a share; the exponential of less is denormal and slow

// The deviations of kernels at sorted positions, as the header has it.
std::vector<double> deviations(const std::vector<double>& sorted, Extent range) {
  const std::size_t n = sorted.size();
  const double kernels = static_cast<double>(n) + 1;
  const double least = range.length() / std::min(100.0, 1 + kernels);
  const auto gap = [&](std::size_t after) { return sorted[after] - sorted[after - 1]; };
  std::vector<double> out(n);
  for (std::size_t i = 0; i < n; ++i) {
    double widest;
    if (n == 1)
      widest = std::max(sorted[0] - range.low, range.high - sorted[0]);
    else if (i == 0)
      widest = gap(1);
    else
      widest = i + 1 == n ? gap(i) : std::max(gap(i), gap(i + 1));
    out[i] = std::clamp(widest, least, range.length());
  }
  return out;
}

double share_between(double low, double high, double mean, double deviation) {
  const double a = (low - mean) / deviation, b = (high - mean) / deviation;
  return a > 0 ? normal_cdf(-a) - normal_cdf(-b) : normal_cdf(b) - normal_cdf(a);  // without cancellation
}

Eigen::ArrayXXd log_shares(std::size_t choices, const std::vector<double>& values) {
  const auto there = std::ranges::count_if(values, [](double v) { return !std::isnan(v); });
  const double base = 1 / static_cast<double>(there + 1), count = static_cast<double>(choices);
  const auto rows = static_cast<Eigen::Index>(values.size() + 1),
             columns = static_cast<Eigen::Index>(choices);
  Eigen::ArrayXXd out = Eigen::ArrayXXd::Constant(rows, columns, 1 / count);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isnan(values[i])) continue;
    const auto row = static_cast<Eigen::Index>(i);
    out.row(row) = base / (1 + base * count);
    out(row, static_cast<Eigen::Index>(values[i])) += 1 / (1 + base * count);
  }
  return out.log();
}

}  // namespace

std::vector<double> point_weights(std::size_t count) {
  std::vector<double> out(count, 1.0);
  if (count < recent) return out;
  const double first = 1 / static_cast<double>(count), steps = static_cast<double>(count - recent) - 1;
  for (std::size_t i = 0; i + recent < count; ++i)
    out[i] = steps == 0 ? first : first + (1 - first) * static_cast<double>(i) / steps;
  return out;
}

Marginal::Marginal(const Parameter& p, const std::vector<double>& values) : parameter(p) {
  if (p.kind == Kind::category) {
    log_share = log_shares(p.choices.size(), values);
    return;
  }
  const Extent range = extent(p);
  const auto kernels = static_cast<Eigen::Index>(values.size() + 1);
  mean = Eigen::ArrayXd::Constant(kernels, (range.low + range.high) / 2);
  deviation = Eigen::ArrayXd::Constant(kernels, range.length());
  std::vector<std::pair<double, Eigen::Index>> there;
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!std::isnan(values[i])) there.emplace_back(position_of(p, values[i]), static_cast<Eigen::Index>(i));
  std::ranges::sort(there);
  std::vector<double> sorted;
  for (const auto& [position, kernel] : there) sorted.push_back(position);
  const std::vector<double> wide = deviations(sorted, range);
  for (std::size_t i = 0; i < there.size(); ++i) {
    mean[there[i].second] = there[i].first;
    deviation[there[i].second] = wide[i];
  }
  inverse = std::numbers::sqrt2 / 2 / deviation;
  log_scale.resize(kernels);
  for (Eigen::Index k = 0; k < kernels; ++k) {
    const double inside = share_between(range.low, range.high, mean[k], deviation[k]);
    log_scale[k] =
        std::log(is_discrete(p) ? inside : inside * deviation[k] * std::sqrt(2 * std::numbers::pi));
  }
}

void Marginal::add_log_density(double value, Eigen::ArrayXd& sums) const {
  const Parameter& p = parameter;
  if (p.kind == Kind::category) {
    sums += log_share.col(static_cast<Eigen::Index>(value));
  } else if (p.kind == Kind::real) {
    sums -= ((position_of(p, value) - mean) * inverse).square() + log_scale;
  } else {
    const double low = position_of(p, value - 0.5), high = position_of(p, value + 0.5);
    for (Eigen::Index k = 0; k < sums.size(); ++k) {
      const double share = share_between(low, high, mean[k], deviation[k]);
      sums[k] += std::log(std::max(share, 1e-300)) - log_scale[k];
    }
  }
}

double Marginal::draw(std::size_t kernel, Stream& random) const {
  const auto k = static_cast<Eigen::Index>(kernel);
  double u = random.uniform();
  if (parameter.kind == Kind::category) {
    Eigen::Index choice = 0;
    while (choice + 1 < log_share.cols() && (u -= std::exp(log_share(k, choice))) >= 0) ++choice;
    return static_cast<double>(choice);
  }
  const Extent range = extent(parameter);
  const double low = normal_cdf((range.low - mean[k]) / deviation[k]);
  const double high = normal_cdf((range.high - mean[k]) / deviation[k]);
  return value_at(parameter, mean[k] + deviation[k] * normal_quantile(low + (high - low) * u));
}

Parzen::Parzen(const Space& space, std::span<const Point> points) : space_(space) {
  std::vector<double> values(points.size());
  for (std::size_t p = 0; p < space.parameters.size(); ++p) {
    for (std::size_t i = 0; i < points.size(); ++i) values[i] = points[i][p];
    marginals_.emplace_back(space.parameters[p], values);
  }
  std::vector<double> weights = point_weights(points.size());
  weights.push_back(1);
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  for (double& weight : weights) weight /= sum;
  log_weight_ = Eigen::Map<Eigen::ArrayXd>(weights.data(), static_cast<Eigen::Index>(weights.size())).log();
  std::partial_sum(weights.begin(), weights.end(), std::back_inserter(cumulated_));
}

Point Parzen::draw(Stream& random) const {
  const auto at = std::ranges::upper_bound(cumulated_, random.uniform() * cumulated_.back());
  const auto kernel = std::min(static_cast<std::size_t>(at - cumulated_.begin()), cumulated_.size() - 1);
  Point out(space_.parameters.size(), not_known);
  for (std::size_t p = 0; p < out.size(); ++p)
    if (is_there(space_, out, p)) out[p] = marginals_[p].draw(kernel, random);
  return out;
}

std::vector<double> Parzen::log_density(std::span<const Point> points) const {
  std::vector<Eigen::ArrayXd> terms(points.size(), log_weight_);
  for (std::size_t p = 0; p < space_.parameters.size(); ++p) {
    std::map<double, Eigen::ArrayXd> known;  // the few values of an integer come again and again
    for (std::size_t i = 0; i < points.size(); ++i) {
      const double value = points[i][p];
      if (std::isnan(value)) continue;
      if (space_.parameters[p].kind != Kind::integer) {
        marginals_[p].add_log_density(value, terms[i]);
        continue;
      }
      const auto [at, is_new] = known.try_emplace(value, Eigen::ArrayXd::Zero(terms[i].size()));
      if (is_new) marginals_[p].add_log_density(value, at->second);
      terms[i] += at->second;
    }
  }
  std::vector<double> out;
  for (const Eigen::ArrayXd& term : terms) {
    const double largest = term.maxCoeff();
    out.push_back(largest + std::log((term - largest).max(negligible).exp().sum()));
  }
  return out;
}

}  // namespace basin::search
