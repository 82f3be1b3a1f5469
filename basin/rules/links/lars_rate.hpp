// The layer-wise rate of LARS: scales a gradient with its decay to the norm of the weights, times a small
// coefficient.
//
// Paper    You, Gitman & Ginsburg, Large Batch Training of Convolutional Networks, 2017, Algorithm 1
// Gives    g = eta |x| / (|g| + decay |x|) (g + decay x) for each tensor; g + decay x where a norm is zero
#pragma once
#include <cmath>

#include "basin/core/link.hpp"

namespace basin::links {

struct LarsRate {
  static constexpr std::string_view name = "lars_rate", title = "layer-wise rate of LARS";
  static constexpr Place place = Place::gradient;
  static constexpr Scope scope = Scope::tensor;
  Limit eta = 1e-3;
  Decay decay = 1e-4;
  BASIN_KNOBS(eta, decay)

  static auto terms(const auto& x, const auto& g) { return std::array{x * x, g * g}; }
  template <class R>
  struct Formula {
    R ratio, decay;
    auto operator()(const auto& x, const auto& g) const { return ratio * (g + decay * x); }
  };
  template <class R>
  Formula<R> at(Step, const Sums& sums) const {
    const double weights = std::sqrt(sums.of[0]), gradient = std::sqrt(sums.of[1]);
    const bool zero = weights == 0 || gradient == 0;
    return narrow<R, Formula>(zero ? 1 : eta * weights / (gradient + decay * weights), decay);
  }
};
static_assert(Link<LarsRate>);

}  // namespace basin::links
