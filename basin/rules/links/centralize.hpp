// Gradient centralization: gives the gradient of every unit mean zero.
//
// Paper    Yong, Huang, Hua & Zhang, Gradient Centralization: A New Optimization Technique for Deep Neural
//          Networks, ECCV 2020, eq. 1
// Gives    g = g - mean(g) over each row of a matrix, each output channel of a convolution; not for vectors
#pragma once
#include "basin/core/link.hpp"

namespace basin::links {

struct Centralize {
  static constexpr std::string_view name = "centralize", title = "gradient centralization";
  static constexpr Place place = Place::gradient;
  static constexpr Scope scope = Scope::row;
  BASIN_NO_KNOBS

  static auto terms(const auto&, const auto& g) { return std::array{1 * g}; }
  template <class R>
  struct Formula {
    R mean;
    auto operator()(const auto&, const auto& g) const { return g - mean; }
  };
  template <class R>
  Formula<R> at(Step, const Sums& sums) const {
    return narrow<R, Formula>(sums.one_row ? 0 : sums.of[0] / sums.count);
  }
};
static_assert(Link<Centralize>);

}  // namespace basin::links
