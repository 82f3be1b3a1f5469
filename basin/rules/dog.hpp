// DoG and LDoG: SGD whose rate is the distance moved divided by the norm of all gradients so far. No rate to
// tune.
//
// Paper    Ivgi, Hinder & Carmon, DoG is SGD's Best Friend, ICML 2023, eq. 1, and section 5 for layer-wise
//          DoG
// Step t   r = max(r, |x - x0|), at first reps (1 + |x0|)      G = G + |g|^2
//          over all weights; LDoG over each tensor
//          u = r / sqrt(G + eps) g
// Memory   1 value per weight, and two for all; 20 bytes moved per weight and step in float32, 12 more for
//          the sums
// Use      leave lr at 1, and evaluate an average of the weights (WeightAverage)
#pragma once
#include "basin/core/rule.hpp"

namespace basin::rules {

namespace detail {

// DoG with sums over one scope.
template <Scope over>
struct DistanceOverGradients {
  static constexpr std::array slots{"initial"};
  static constexpr bool starts_as_weight(std::size_t) { return true; }
  static constexpr std::array numbers{"distance", "gradients"};
  static constexpr Scope sums_over = over;

  auto terms(Step, std::span<const double>) const {
    return [](const auto& x, const auto& g, const auto& from) {
      return std::array{(x - from) * (x - from), g * g, x * x};
    };
  }
  template <class R>
  struct Formula {
    R rate;
    auto operator()(const auto&, const auto& g, auto&) const { return rate * g; }
  };
  template <class R>
  static Formula<R> formula(Step t, std::span<double> values, const Sums& sums, double reps_rel, double eps) {
    double &distance = values[0], &gradients = values[1];
    if (t == 1) distance = reps_rel * (1 + std::sqrt(sums.of[2])), gradients = 0;
    distance = max(distance, std::sqrt(sums.of[0]));
    gradients += sums.of[1];
    return narrow<R, Formula>(gradients + eps == 0 ? 0 : distance / std::sqrt(gradients + eps));
  }
};

}  // namespace detail

struct Dog : detail::DistanceOverGradients<Scope::all> {
  static constexpr std::string_view name = "dog", title = "DoG";
  Rate lr = 1;
  Positive reps_rel = 1e-6;
  Epsilon eps = 1e-8;
  BASIN_KNOBS(lr, reps_rel, eps)
  template <class R>
  Formula<R> at(Step t, std::span<double> values, const Sums& sums) const {
    return formula<R>(t, values, sums, reps_rel, eps);
  }
};
static_assert(Rule<Dog>);

struct LDog : detail::DistanceOverGradients<Scope::tensor> {
  static constexpr std::string_view name = "ldog", title = "LDoG";
  Rate lr = 1;
  Positive reps_rel = 1e-6;
  Epsilon eps = 1e-8;
  BASIN_KNOBS(lr, reps_rel, eps)
  template <class R>
  Formula<R> at(Step t, std::span<double> values, const Sums& sums) const {
    return formula<R>(t, values, sums, reps_rel, eps);
  }
};
static_assert(Rule<LDog>);

}  // namespace basin::rules
