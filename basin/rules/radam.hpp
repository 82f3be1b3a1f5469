// RAdam: Adam that runs as SGD with momentum until its second moment can be trusted.
//
// Paper    Liu et al., On the Variance of the Adaptive Learning Rate and Beyond, ICLR 2020, Algorithm 2
// Step t   d = g + decay x      m = b1 m + (1-b1) d      v = b2 v + (1-b2) d^2
//          n = 2/(1-b2) - 1     r = n - 2 t b2^t / (1-b2^t)
//          r > 5     u = m/(1-b1^t) sqrt((r-4)(r-2) n / ((n-4)(n-2) r)) / ((sqrt(v) + eps) / sqrt(1-b2^t))
//          r <= 5    u = m/(1-b1^t)
// Memory   2 values per weight; 28 bytes moved per weight and step in float32
// Departs  the bound is 5, as in PyTorch and the authors' code; the paper has 4 and no eps. weight_decay is
//          PyTorch's addition
// Dialects optax: eps is added after the bias correction, sqrt(v/(1-b2^t)) + eps, as in Adam; the bound is 5
//            as here, and r = 5 counts as above it, which no usual b2 reaches; no decay
#pragma once
#include "basin/core/rule.hpp"

namespace basin::rules {

// Returns the factor that reduces the adaptive rate of step t; 0 while its variance is not known to be
// finite, which is as long as the length of the second moment's window is at most `least`.
inline double rectified(double beta2, Step t, double least) {
  const auto steps = static_cast<double>(t);
  const double limit = 2 / (1 - beta2) - 1;
  const double length = limit - 2 * steps * std::pow(beta2, steps) / gathered(beta2, t);
  if (length <= least) return 0;
  return std::sqrt((length - 4) * (length - 2) * limit / ((limit - 4) * (limit - 2) * length));
}

struct RAdam {
  static constexpr std::string_view name = "radam", title = "RAdam";
  Rate lr = 1e-3;
  Beta beta1 = 0.9, beta2 = 0.999;
  Epsilon eps = 1e-8;
  Decay weight_decay = 0;
  BASIN_KNOBS(lr, beta1, beta2, eps, weight_decay)
  static constexpr std::array slots{"exp_avg", "exp_avg_sq"};

  template <class R>
  struct Formula {
    R b1, b2, c1, c2, scale, adaptive, eps, decay;
    auto operator()(const auto& x, const auto& g, auto& m, auto& v) const {
      const auto d = g + decay * x;
      m = b1 * m + c1 * d;
      v = b2 * v + c2 * d * d;
      const auto u = m * scale;
      return select(adaptive == 0, u, u / (sqrt(v) + eps));
    }
  };
  template <class R>
  Formula<R> at(Step t) const {
    const double rectifier = rectified(beta2, t, 5);
    const bool adaptive = rectifier > 0;
    const double scale = (adaptive ? rectifier * std::sqrt(gathered(beta2, t)) : 1) / gathered(beta1, t);
    return narrow<R, Formula>(beta1, beta2, 1 - beta1, 1 - beta2, scale, adaptive ? 1 : 0, eps, weight_decay);
  }
};

struct RAdamOptax {
  static constexpr std::string_view name = "radam_optax", title = "RAdam of Optax";
  static constexpr std::string_view dialect_of = "radam";
  static constexpr std::array dialects{"optax"};
  using Loops = RAdam;
  Rate lr = 1e-3;
  Beta beta1 = 0.9, beta2 = 0.999;
  Epsilon eps = 1e-8;
  BASIN_KNOBS(lr, beta1, beta2, eps)
  static constexpr auto slots = RAdam::slots;

  template <class R>
  RAdam::Formula<R> at(Step t) const {
    return RAdam{lr, beta1, beta2, eps * std::sqrt(gathered(beta2, t)), 0}.at<R>(t);
  }
};
static_assert(Rule<RAdam> && Rule<RAdamOptax>);

}  // namespace basin::rules
