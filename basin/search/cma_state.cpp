#include "basin/search/cma_state.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>

namespace basin::search {
namespace {

constexpr double least_eigenvalue = 1e-14;  // keeps the condition below that of a double
constexpr double longest_step = 1;          // the edge of the unit cube

}  // namespace

Eigen::Index CmaConstants::default_size(Eigen::Index dimensions) {
  return 4 + static_cast<Eigen::Index>(std::floor(3 * std::log(static_cast<double>(dimensions))));
}

CmaConstants::CmaConstants(Eigen::Index dimensions, Eigen::Index size) : parents(size / 2), weights(size) {
  const auto n = static_cast<double>(dimensions);
  for (Eigen::Index i = 0; i < size; ++i)
    weights[i] = std::log((static_cast<double>(size) + 1) / 2) - std::log(static_cast<double>(i) + 1);
  const auto better = weights.head(parents), worse = weights.tail(size - parents);
  mu_eff = better.sum() * better.sum() / better.squaredNorm();
  mu_eff_minus = worse.sum() * worse.sum() / worse.squaredNorm();
  c1 = 2 / ((n + 1.3) * (n + 1.3) + mu_eff);
  cmu = std::min(1 - c1 - 1e-8, 2 * (mu_eff - 2 + 1 / mu_eff) / ((n + 2) * (n + 2) + mu_eff));
  cs = (mu_eff + 2) / (n + mu_eff + 5);
  ds = 1 + 2 * std::max(0.0, std::sqrt((mu_eff - 1) / (n + 1)) - 1) + cs;
  cc = (4 + mu_eff / n) / (n + 4 + 2 * mu_eff / n);
  chi = std::sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n));
  const double negative =
      std::min({1 + c1 / cmu, 1 + 2 * mu_eff_minus / (mu_eff + 2), (1 - c1 - cmu) / (n * cmu)});
  const double positive_sum = weights.cwiseMax(0).sum(), negative_sum = -weights.cwiseMin(0).sum();
  for (double& w : weights) w *= w >= 0 ? 1 / positive_sum : negative / negative_sum;
}

CmaState::CmaState(Eigen::Index dimensions, Eigen::Index size)
    : constants_(dimensions, size),
      mean_(Eigen::VectorXd::Constant(dimensions, 0.5)),
      step_path_(Eigen::VectorXd::Zero(dimensions)),
      path_(step_path_),
      covariance_(Eigen::MatrixXd::Identity(dimensions, dimensions)),
      axes_(covariance_),
      lengths_(Eigen::VectorXd::Ones(dimensions)) {}

Eigen::VectorXd CmaState::at(const Eigen::VectorXd& normal) const {
  return mean_ + step_ * (axes_ * lengths_.cwiseProduct(normal));
}

Eigen::VectorXd CmaState::deviations() const { return step_ * covariance_.diagonal().cwiseSqrt(); }

void CmaState::update(const Eigen::MatrixXd& points) {
  Eigen::MatrixXd steps = (points.colwise() - mean_) / step_;
  Eigen::MatrixXd whitened = lengths_.cwiseInverse().asDiagonal() * (axes_.transpose() * steps);
  Eigen::VectorXd far = whitened.colwise().norm();
  for (Eigen::Index i = 0; i < far.size(); ++i) {
    const double shrink = std::min(1.0, 3 * constants_.chi / std::max(far[i], 1e-300));
    steps.col(i) *= shrink;
    whitened.col(i) *= shrink;
    far[i] *= shrink;
  }
  ++generation_;
  const Eigen::VectorXd better = constants_.weights.head(constants_.parents);
  const Eigen::VectorXd mean_step = steps.leftCols(constants_.parents) * better;
  mean_ += step_ * mean_step;
  adapt_step(axes_ * (whitened.leftCols(constants_.parents) * better));
  adapt_covariance(mean_step, steps, far);
  decompose();
}

void CmaState::adapt_step(const Eigen::VectorXd& whitened) {
  const CmaConstants& k = constants_;
  step_path_ = (1 - k.cs) * step_path_ + std::sqrt(k.cs * (2 - k.cs) * k.mu_eff) * whitened;
  step_ = std::min(step_ * std::exp(k.cs / k.ds * (step_path_.norm() / k.chi - 1)), longest_step);
}

void CmaState::adapt_covariance(const Eigen::VectorXd& mean_step, const Eigen::MatrixXd& steps,
                                const Eigen::VectorXd& lengths) {
  const CmaConstants& k = constants_;
  const auto n = static_cast<double>(mean_.size());
  const double settled = std::sqrt(1 - std::pow(1 - k.cs, 2 * (generation_ + 1)));
  const bool moves = step_path_.norm() / settled < (1.4 + 2 / (n + 1)) * k.chi;  // h_sigma
  path_ *= 1 - k.cc;
  if (moves) path_ += std::sqrt(k.cc * (2 - k.cc) * k.mu_eff) * mean_step;
  Eigen::VectorXd weights = k.weights;
  for (Eigen::Index i = 0; i < weights.size(); ++i)
    if (weights[i] < 0) weights[i] *= n / (lengths[i] * lengths[i] + 1e-8);
  const double lost = moves ? 0 : k.cc * (2 - k.cc);
  covariance_ *= 1 + k.c1 * lost - k.c1 - k.cmu * k.weights.sum();
  covariance_ += k.c1 * path_ * path_.transpose();
  covariance_ += k.cmu * steps * weights.asDiagonal() * steps.transpose();
}

void CmaState::decompose() {
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> found((covariance_ + covariance_.transpose()) / 2);
  const Eigen::VectorXd values = found.eigenvalues().cwiseMax(least_eigenvalue);
  axes_ = found.eigenvectors();
  lengths_ = values.cwiseSqrt();
  covariance_ = axes_ * values.asDiagonal() * axes_.transpose();
}

}  // namespace basin::search
