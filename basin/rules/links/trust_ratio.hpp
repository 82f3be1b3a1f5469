// The layer-wise trust ratio of LARS and LAMB: scales a step to the norm of the weights, times the rate.
//
// Paper    You et al., Large Batch Optimization for Deep Learning: Training BERT in 76 Minutes, ICLR 2020,
//          Algorithm 2 with phi(z) = z; with a bound: Fong, Chen & Chen, Improving Layer-wise Adaptive Rate
//          Methods using Trust Ratio Clipping, 2020
// Gives    u = u min(|x| / |u|, most) for each tensor, and u where either norm is zero
#pragma once
#include <cmath>

#include "basin/core/link.hpp"

namespace basin::links {

struct TrustRatio {
  static constexpr std::string_view name = "trust_ratio", title = "trust ratio";
  static constexpr Place place = Place::direction;
  static constexpr Scope scope = Scope::tensor;
  Amount most = 0;  // 0 means no bound
  BASIN_KNOBS(most)

  static auto terms(const auto& x, const auto&, const auto& u) { return std::array{x * x, u * u}; }
  double factor(const Sums& sums) const {
    const double weights = std::sqrt(sums.of[0]), direction = std::sqrt(sums.of[1]);
    const double ratio = weights == 0 || direction == 0 ? 1 : weights / direction;
    return most > 0 ? min(ratio, most.value) : ratio;
  }
};
static_assert(Link<TrustRatio>);

}  // namespace basin::links
