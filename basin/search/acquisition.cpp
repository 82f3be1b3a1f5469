#include "basin/search/acquisition.hpp"

#include <algorithm>
#include <cmath>

#include "basin/search/box_minimum.hpp"
#include "basin/search/normal.hpp"
#include "basin/search/sequences.hpp"
#include "basin/search/unit.hpp"

namespace basin::search {
namespace {

constexpr std::size_t sobol_points = 2048, starts = 10;
constexpr int values_of_integer = 16, most_rounds = 10;

struct Ascent {
  const Space& space;
  const GaussianProcess& process;
  double best;
  std::vector<std::size_t> numbers, discrete;  // real parameters, and the others

  double log_ei_of(double mean, double variance) const {
    const double deviation = std::sqrt(variance);
    return log_ei((best - mean) / deviation) + std::log(deviation);
  }
  double value(const Eigen::VectorXd& x) const {
    const auto belief = process.at(x.transpose());
    return log_ei_of(belief.mean[0], belief.variance[0]);
  }
  // Returns minus log EI and its gradient.
  double descent(const Eigen::VectorXd& x, Eigen::VectorXd& gradient) const {
    const auto s = process.slope_at(x);
    const double deviation = std::sqrt(s.variance), z = (best - s.mean) / deviation;
    const double by_z = log_ei_slope(z);
    gradient =
        (by_z / deviation * s.of_mean).array() + (by_z * z - 1) / (2 * s.variance) * s.of_variance.array();
    return -log_ei_of(s.mean, s.variance);
  }

  double move_numbers(Eigen::VectorXd& x, double before) const;
  bool move_discrete(Eigen::VectorXd& x, std::size_t parameter, double& value) const;
  double climb(Eigen::VectorXd& x, double value) const;
};

// Moves the real coordinates of `x` upwards; returns the value there.
double Ascent::move_numbers(Eigen::VectorXd& x, double before) const {
  const auto n = static_cast<Eigen::Index>(numbers.size());
  if (n == 0) return before;
  Eigen::VectorXd unit(n);  // of a length, in coordinates
  Eigen::VectorXd start(n);
  for (Eigen::Index i = 0; i < n; ++i) {
    const auto p = static_cast<Eigen::Index>(numbers[static_cast<std::size_t>(i)]);
    unit[i] = 1 / std::sqrt(process.hyperparameters().inverse_squared_lengths[p]);
    start[i] = x[p] / unit[i];
  }
  Eigen::VectorXd at = x, full(x.size());
  const auto place = [&](const Eigen::VectorXd& scaled) {
    for (Eigen::Index i = 0; i < n; ++i)
      at[static_cast<Eigen::Index>(numbers[static_cast<std::size_t>(i)])] = scaled[i] * unit[i];
  };
  const Smooth f = [&](const Eigen::VectorXd& scaled, Eigen::VectorXd& gradient) {
    place(scaled);
    const double value = descent(at, full);
    for (Eigen::Index i = 0; i < n; ++i)
      gradient[i] = full[static_cast<Eigen::Index>(numbers[static_cast<std::size_t>(i)])] * unit[i];
    return value;
  };
  const Box box{Eigen::VectorXd::Zero(n), unit.cwiseInverse()};
  const Minimum found = minimum_in_box(f, start, box, 0.01, 200);
  if (!(-found.value > before)) return before;
  place(found.x);
  x = at.cwiseMin(1);
  return -found.value;
}

// Tries the values of an integer or a category; returns whether one is better.
bool Ascent::move_discrete(Eigen::VectorXd& x, std::size_t parameter, double& value) const {
  const Parameter& p = space.parameters[parameter];
  const auto at = static_cast<Eigen::Index>(parameter);
  const double levels = highest(p) - lowest(p) + 1;
  const int tries =
      levels <= values_of_integer || p.kind == Kind::category ? static_cast<int>(levels) : values_of_integer;
  Eigen::MatrixXd rows = x.transpose().replicate(tries, 1);
  for (int i = 0; i < tries; ++i)
    rows(i, at) = p.kind == Kind::category ? i : to_unit(p, from_unit(p, (i + 0.5) / tries));
  const auto belief = process.at(rows);
  const double before = value;
  for (int i = 0; i < tries; ++i)
    if (const double v = log_ei_of(belief.mean[i], belief.variance[i]); v > value + 1e-6) {
      value = v;
      x[at] = rows(i, at);
    }
  return value > before;
}

double Ascent::climb(Eigen::VectorXd& x, double value) const {
  for (int round = 0; round < most_rounds; ++round) {
    value = move_numbers(x, value);
    bool moved = false;
    for (const std::size_t p : discrete) moved |= move_discrete(x, p, value);
    if (!moved) break;
  }
  return value;
}

// Draws `count` different indices with probabilities exp(value - largest value).
std::vector<std::size_t> roulette(const Eigen::VectorXd& values, std::size_t count, Stream& random) {
  Eigen::ArrayXd weights = (values.array() - values.maxCoeff()).exp();
  std::vector<std::size_t> out;
  while (out.size() < count && weights.sum() > 1e-12) {
    double left = random.uniform() * weights.sum();
    Eigen::Index i = 0;
    while (i + 1 < weights.size() && (left -= weights[i]) >= 0) ++i;
    out.push_back(static_cast<std::size_t>(i));
    weights[i] = 0;
  }
  return out;
}

Eigen::MatrixXd sobol_rows(const Space& space, Stream& random) {
  const std::size_t d = space.parameters.size();
  Eigen::MatrixXd out(static_cast<Eigen::Index>(sobol_points), static_cast<Eigen::Index>(d));
  Eigen::Index row = 0;
  for (const std::vector<double>& unit : shifted_sobol(sobol_points, d, random.next64()))
    out.row(row++) = coordinates_of(space, from_unit(space, unit)).transpose();
  return out;
}

}  // namespace

Eigen::VectorXd coordinates_of(const Space& space, const Point& point) {
  Eigen::VectorXd out(static_cast<Eigen::Index>(point.size()));
  for (std::size_t p = 0; p < point.size(); ++p) {
    const Parameter& parameter = space.parameters[p];
    const bool category = parameter.kind == Kind::category;
    out[static_cast<Eigen::Index>(p)] = std::isnan(point[p]) ? (category ? -1 : 0.5)
                                        : category           ? point[p]
                                                             : to_unit(parameter, point[p]);
  }
  return out;
}

Point point_of(const Space& space, const Eigen::VectorXd& x) {
  Point out(space.parameters.size());
  for (std::size_t p = 0; p < out.size(); ++p) {
    const double at = x[static_cast<Eigen::Index>(p)];
    const Parameter& parameter = space.parameters[p];
    out[p] = parameter.kind == Kind::category ? std::max(at, 0.0) : from_unit(parameter, at);
  }
  return settled(space, std::move(out));
}

std::vector<Point> promising_points(const Space& space, const GaussianProcess& process, double best,
                                    const Eigen::VectorXd& incumbent, Stream& random) {
  Ascent ascent{space, process, best, {}, {}};
  for (std::size_t p = 0; p < space.parameters.size(); ++p)
    (is_discrete(space.parameters[p]) ? ascent.discrete : ascent.numbers).push_back(p);
  Eigen::MatrixXd rows = sobol_rows(space, random);
  rows.conservativeResize(rows.rows() + 1, Eigen::NoChange);
  rows.row(rows.rows() - 1) = incumbent.transpose();
  const auto belief = process.at(rows);
  Eigen::VectorXd values(rows.rows());
  for (Eigen::Index i = 0; i < values.size(); ++i)
    values[i] = ascent.log_ei_of(belief.mean[i], belief.variance[i]);

  std::vector<std::size_t> order(static_cast<std::size_t>(values.size()));
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
    return values[static_cast<Eigen::Index>(a)] > values[static_cast<Eigen::Index>(b)];
  });
  std::vector<std::size_t> from = roulette(values, starts, random);
  if (std::ranges::find(from, order[0]) == from.end()) from.insert(from.begin(), order[0]);
  from.resize(std::min(from.size(), starts));
  std::vector<std::pair<double, Point>> ends;
  for (const std::size_t start : from) {
    const auto row = static_cast<Eigen::Index>(start);
    Eigen::VectorXd x = rows.row(row).transpose();
    const double value = ascent.climb(x, values[row]);
    ends.emplace_back(value, point_of(space, x));
  }
  std::ranges::stable_sort(ends, [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<Point> out;
  for (auto& [value, point] : ends) out.push_back(std::move(point));
  for (const std::size_t i : order)
    out.push_back(point_of(space, rows.row(static_cast<Eigen::Index>(i)).transpose()));
  return out;
}

}  // namespace basin::search
