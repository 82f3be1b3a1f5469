// Gradient noise: adds Gaussian noise whose variance decays.
//
// Paper    Neelakantan et al., Adding Gradient Noise Improves Learning for Very Deep Networks, 2015, eq. 1
// Gives    g = g + N(0, eta / (1 + t)^gamma), a function of (seed, parameter, element, step) alone
// Departs  t counts from 1
#pragma once
#include <cmath>
#include <numbers>

#include "basin/core/link.hpp"
#include "basin/core/philox.hpp"

namespace basin::links {

struct GradientNoise {
  static constexpr std::string_view name = "noise", title = "gradient noise";
  static constexpr Place place = Place::gradient;
  Amount eta = 0.01;
  Amount gamma = 0.55;
  Seed seed = 0;
  BASIN_KNOBS(eta, gamma, seed)

  template <class R>
  struct Formula {
    R sd;
    std::uint64_t key;
    R operator()(const R&, const R& g, std::uint64_t index) const {
      return g + sd * static_cast<R>(normal(key, index));
    }
  };
  template <class R>
  Formula<R> at(Step t, std::uint64_t tensor) const {
    const double variance = eta / std::pow(1 + static_cast<double>(t), gamma.value);
    Stream stream(static_cast<std::uint64_t>(seed.value), tensor, "gradient noise",
                  static_cast<std::uint64_t>(t));
    return {static_cast<R>(std::sqrt(variance)), stream.next64()};
  }

 private:
  // Box & Muller on one block of random words.
  static double normal(std::uint64_t key, std::uint64_t index) {
    const Block block = philox(key, index);
    const double u = (block[0] + 0.5) * 0x1p-32, angle = block[1] * (2 * std::numbers::pi * 0x1p-32);
    return std::sqrt(-2 * std::log(u)) * std::cos(angle);
  }
};
static_assert(Link<GradientNoise>);

}  // namespace basin::links
