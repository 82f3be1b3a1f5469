// NovoGrad: divides the gradient of each tensor by its norm, so that each layer has one second moment.
//
// Paper    Ginsburg et al., Stochastic Gradient Methods with Layer-wise Adaptive Moments for Training of Deep
//          Networks, 2019, Algorithm 1
// Step t   v = |g|^2 at t = 1, then b2 v + (1-b2) |g|^2        for each tensor
//          m = b1 m + g/(sqrt(v) + eps) + decay x      u = m
// Memory   1 value per weight, and one per tensor; 20 bytes moved per weight and step in float32, 4 more for
//          the sum
#pragma once
#include "basin/core/rule.hpp"

namespace basin::rules {

struct NovoGrad {
  static constexpr std::string_view name = "novograd", title = "NovoGrad";
  Rate lr = 1e-2;
  Beta beta1 = 0.95, beta2 = 0.98;
  Epsilon eps = 1e-8;
  Decay weight_decay = 0;
  BASIN_KNOBS(lr, beta1, beta2, eps, weight_decay)
  static constexpr std::array slots{"exp_avg"};
  static constexpr std::array numbers{"exp_avg_sq"};
  static constexpr Scope sums_over = Scope::tensor;

  auto terms(Step, std::span<const double>) const {
    return [](const auto&, const auto& g, const auto&) { return std::array{g * g}; };
  }
  template <class R>
  struct Formula {
    R beta, scale, decay;
    auto operator()(const auto& x, const auto& g, auto& m) const {
      m = beta * m + (scale * g + decay * x);
      return m;
    }
  };
  template <class R>
  Formula<R> at(Step t, std::span<double> values, const Sums& sums) const {
    double& v = values[0];
    v = t == 1 ? sums.of[0] : beta2 * v + (1 - beta2) * sums.of[0];
    const double size = std::sqrt(v) + eps;
    return narrow<R, Formula>(beta1, size == 0 ? 0 : 1 / size, weight_decay);
  }
};
static_assert(Rule<NovoGrad>);

}  // namespace basin::rules
