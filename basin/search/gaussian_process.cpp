#include "basin/search/gaussian_process.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

#include "basin/search/box_minimum.hpp"

namespace basin::search {
namespace {

constexpr double least_noise = 1e-6, least_variance = 1e-12;
constexpr Eigen::Index coarse = 64;  // points of the first fit
constexpr Eigen::Index block = 64;   // rows at a time: their matrices stay in the cache
const double root5 = std::sqrt(5.0);

// The correlation at squared distances, and its derivative by them.
Eigen::ArrayXXd matern(const Eigen::ArrayXXd& squared) {
  const Eigen::ArrayXXd r = root5 * squared.sqrt();
  return (1 + r + 5.0 / 3 * squared) * (-r).exp();
}
void matern_and_slope(const Eigen::ArrayXXd& squared, Eigen::ArrayXXd& correlation, Eigen::ArrayXXd& slope) {
  for (Eigen::Index j = 0; j < squared.cols(); ++j) {
    const Eigen::ArrayXd r = root5 * squared.col(j).sqrt(), e = (-r).exp();
    correlation.col(j) = (1 + r + 5.0 / 3 * squared.col(j)) * e;
    slope.col(j) = -5.0 / 6 * (1 + r) * e;
  }
}

Eigen::ArrayXXd squared_distances(const Inputs& a, const Inputs& b, const Eigen::VectorXd& weights) {
  Eigen::ArrayXXd out = Eigen::ArrayXXd::Zero(a.x.rows(), b.x.rows());
  for (Eigen::Index i = 0; i < weights.size(); ++i) out += weights[i] * squared_differences(a, b, i);
  return out;
}

Inputs every(const Inputs& inputs, Eigen::Index step) {
  const Eigen::Index rows = (inputs.x.rows() + step - 1) / step;
  Inputs out{Eigen::MatrixXd(rows, inputs.x.cols()), inputs.is_category};
  for (Eigen::Index i = 0; i < rows; ++i) out.x.row(i) = inputs.x.row(i * step);
  return out;
}

}  // namespace

Eigen::ArrayXXd squared_differences(const Inputs& a, const Inputs& b, Eigen::Index at) {
  const Eigen::ArrayXXd difference = a.x.col(at).rowwise().replicate(b.x.rows()).array() -
                                     b.x.col(at).transpose().colwise().replicate(a.x.rows()).array();
  if (a.is_category[static_cast<std::size_t>(at)]) return (difference.abs() > 1e-9).cast<double>();
  return difference.square();
}

Evidence::Evidence(const Inputs& inputs, const Eigen::VectorXd& values, std::optional<double> fixed_noise)
    : values_(values), fixed_noise_(fixed_noise) {
  for (Eigen::Index i = 0; i < inputs.x.cols(); ++i)
    differences_.push_back(squared_differences(inputs, inputs, i));
  squared_ = correlation_ = slope_ = Eigen::ArrayXXd(values.size(), values.size());
}

Hyperparameters Evidence::at(const Eigen::VectorXd& logs) const {
  const auto d = static_cast<Eigen::Index>(differences_.size());
  return {logs.head(d).array().exp(), std::exp(logs[d]),
          fixed_noise_ ? *fixed_noise_ : std::exp(logs[d + 1]) + 0.99 * least_noise};
}

Eigen::VectorXd Evidence::logs(const Hyperparameters& h) const {
  const auto d = static_cast<Eigen::Index>(differences_.size());
  Eigen::VectorXd out(d + (fixed_noise_ ? 1 : 2));
  out.head(d) = h.inverse_squared_lengths.array().log();
  out[d] = std::log(h.scale);
  if (!fixed_noise_) out[d + 1] = std::log(h.noise - 0.99 * least_noise);
  return out;
}

double Evidence::operator()(const Eigen::VectorXd& logs, Eigen::VectorXd& gradient) {
  const Hyperparameters h = at(logs);
  const auto d = static_cast<Eigen::Index>(differences_.size()), n = values_.size();
  const Eigen::ArrayXd l = h.inverse_squared_lengths.array();
  squared_.setZero();
  for (Eigen::Index i = 0; i < d; ++i) squared_ += l[i] * differences_[static_cast<std::size_t>(i)];
  matern_and_slope(squared_, correlation_, slope_);
  factor_ = h.scale * correlation_;
  factor_.diagonal().array() += h.noise;
  const Eigen::LLT<Eigen::Ref<Eigen::MatrixXd>> factor(factor_);
  if (factor.info() != Eigen::Success) return std::numeric_limits<double>::infinity();
  const Eigen::VectorXd alpha = factor.solve(values_);
  double value = values_.dot(alpha) / 2 + factor_.diagonal().array().log().sum() +
                 static_cast<double>(n) / 2 * std::log(2 * std::numbers::pi);
  value += (0.1 / l + 0.1 * l).sum() + h.scale - std::log(h.scale) + 30 * h.noise - 0.1 * std::log(h.noise);
  // d/dt of the evidence is tr(pull dK/dt) / 2.
  pull_.setIdentity(n, n);
  factor.solveInPlace(pull_);
  pull_.noalias() -= alpha * alpha.transpose();
  slope_ *= pull_.array() * (h.scale / 2);
  for (Eigen::Index i = 0; i < d; ++i)
    gradient[i] = l[i] * (slope_ * differences_[static_cast<std::size_t>(i)]).sum() - 0.1 / l[i] + 0.1 * l[i];
  gradient[d] = (pull_.array() * correlation_).sum() * h.scale / 2 + h.scale - 1;
  if (!fixed_noise_)
    gradient[d + 1] = (h.noise - 0.99 * least_noise) * (pull_.trace() / 2 + 30 - 0.1 / h.noise);
  return value;
}

Hyperparameters fit(const Inputs& inputs, const Eigen::VectorXd& values, std::optional<double> fixed_noise) {
  Hyperparameters start{Eigen::VectorXd::Ones(inputs.x.cols()), 1, fixed_noise.value_or(1)};
  if (const Eigen::Index n = values.size(); n > coarse) {
    const Eigen::Index step = (n + coarse - 1) / coarse;
    const Inputs some = every(inputs, step);
    Eigen::VectorXd of_some(some.x.rows());
    for (Eigen::Index i = 0; i < of_some.size(); ++i) of_some[i] = values[i * step];
    start = fit(some, of_some, fixed_noise);
  }
  Evidence evidence(inputs, values, fixed_noise);
  const Eigen::VectorXd logs = evidence.logs(start);
  Box box{Eigen::VectorXd::Constant(logs.size(), -20), Eigen::VectorXd::Constant(logs.size(), 20)};
  if (!fixed_noise) box.low[logs.size() - 1] = std::log(0.01 * least_noise);
  return evidence.at(minimum_in_box(std::ref(evidence), logs, box, 0.01, 100).x);
}

GaussianProcess::GaussianProcess(Inputs inputs, const Eigen::VectorXd& values, Hyperparameters h)
    : inputs_(std::move(inputs)), h_(std::move(h)) {
  const Eigen::ArrayXXd squared = squared_distances(inputs_, inputs_, h_.inverse_squared_lengths);
  for (double noise = h_.noise; noise < 1e3; noise = std::max(noise, least_noise) * 10) {
    Eigen::MatrixXd k = h_.scale * matern(squared);
    k.diagonal().array() += noise;
    factor_.compute(k);
    if (factor_.info() == Eigen::Success) break;
  }
  alpha_ = factor_.solve(values);
}

GaussianProcess::Belief GaussianProcess::at(const Eigen::MatrixXd& rows) const {
  Belief out{Eigen::VectorXd(rows.rows()), Eigen::VectorXd(rows.rows())};
  for (Eigen::Index first = 0; first < rows.rows(); first += block) {
    const Eigen::Index count = std::min(block, rows.rows() - first);
    const Inputs asked{rows.middleRows(first, count), inputs_.is_category};
    Eigen::MatrixXd k = h_.scale * matern(squared_distances(inputs_, asked, h_.inverse_squared_lengths));
    out.mean.segment(first, count) = k.transpose() * alpha_;
    factor_.matrixL().solveInPlace(k);
    out.variance.segment(first, count) =
        (h_.scale - k.colwise().squaredNorm().array()).max(least_variance).matrix().transpose();
  }
  return out;
}

GaussianProcess::Slope GaussianProcess::slope_at(const Eigen::VectorXd& x) const {
  const Inputs asked{x.transpose(), inputs_.is_category};
  const Eigen::ArrayXXd squared = squared_distances(inputs_, asked, h_.inverse_squared_lengths);
  Eigen::ArrayXXd correlation(squared.rows(), 1), slope(squared.rows(), 1);
  matern_and_slope(squared, correlation, slope);
  const Eigen::VectorXd k = h_.scale * correlation.matrix();
  const Eigen::VectorXd weights = factor_.solve(k);
  Slope out{k.dot(alpha_), std::max(h_.scale - k.dot(weights), least_variance),
            Eigen::VectorXd::Zero(x.size()), Eigen::VectorXd::Zero(x.size())};
  const Eigen::ArrayXd by_distance = 2 * h_.scale * slope.col(0);
  for (Eigen::Index i = 0; i < x.size(); ++i) {
    if (inputs_.is_category[static_cast<std::size_t>(i)]) continue;
    const Eigen::VectorXd dk =
        by_distance * h_.inverse_squared_lengths[i] * (x[i] - inputs_.x.col(i).array());
    out.of_mean[i] = dk.dot(alpha_);
    out.of_variance[i] = -2 * dk.dot(weights);
  }
  return out;
}

}  // namespace basin::search
