// Fully connected layers of these sizes with ReLU between them, over images, numbers, tables or sparse rows.
//
// Sizes    of the hidden layers; 128 64
#pragma once
#include "basin/network/sizes.hpp"

namespace basin::nn::networks {

struct Mlp {
  static constexpr std::string_view name = "mlp", usage = "mlp [UNITS ...]",
                                    title = "fully connected layers with ReLU";
  static constexpr std::size_t most_sizes = any_number;

  static Example example() { return {{28, 28, 1}, 10}; }
  static std::string layers(const Sizes& sizes, const Shape& in, const std::string& outputs) {
    std::string out = start_of_features(in), linear = first_linear(in);
    for (const std::int64_t units : sizes.or_else({128, 64})) {
      out += linear + " " + std::to_string(units) + ", relu, ";
      linear = "linear";
    }
    return out + "linear " + outputs;
  }
};

}  // namespace basin::nn::networks
