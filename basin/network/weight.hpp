// A parameter as its layer declares it: name, shape, role and initial value.
#pragma once
#include <cstdint>
#include <functional>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

#include "basin/network/roles.hpp"

namespace basin::nn {

// The value of a parameter before the first step.
struct Initial {
  enum class Kind {
    constant,  // `number` everywhere
    normal,    // mean 0 and standard deviation `number`, whatever initializer is named
    drawn,     // by the initializer that is named (initializers.hpp)
    bias       // by the initializer that is named, for `fan_in` inputs; zeros by `default` if there are none
  };
  Kind kind = Kind::constant;
  double number = 0;
  std::int64_t fan_in = 0;

  // What is drawn:
  std::int64_t blocks = 1;  // matrices on top of each other that are drawn one by one
  bool transposed = false;  // a column per output, not a row
  double scale = 1;         // multiplies what was drawn
  // By `default`: uniform in +-bound, or normal; else PyTorch's own.
  std::optional<double> bound = {}, sd = {};

  static Initial constant(double value) { return {.kind = Kind::constant, .number = value}; }
  static Initial normal(double sd) { return {.kind = Kind::normal, .number = sd}; }
  static Initial drawn() { return {.kind = Kind::drawn}; }
  static Initial bias(std::int64_t fan_in) { return {.kind = Kind::bias, .fan_in = fan_in}; }
};

struct Weight {
  std::string suffix;  // "weight" of "conv0_weight"
  Role role;
  std::vector<std::int64_t> shape;
  Initial initial;

  // Requires that the product does not overflow.
  std::int64_t count() const {
    return std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
  }
};

// Returns scale and shift of `channels` channels.
inline std::vector<Weight> scale_and_shift(std::int64_t channels, const std::string& prefix = "") {
  return {{prefix + "weight", Role::norm, {channels}, Initial::constant(1)},
          {prefix + "bias", Role::norm, {channels}, Initial::constant(0)}};
}

}  // namespace basin::nn
