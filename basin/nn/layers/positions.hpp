// positions, as libtorch computes it.
#pragma once
#include <cmath>

#include "basin/nn/layers/stage.hpp"

namespace basin::nn::layers {

constexpr bool owns_output(const Positions&) { return true; }

namespace positions {

inline torch::Tensor sinusoidal(std::int64_t steps, std::int64_t channels) {
  torch::Tensor table = torch::empty({steps, channels}, torch::kFloat32);
  auto at = table.accessor<float, 2>();
  for (std::int64_t t = 0; t < steps; ++t)
    for (std::int64_t c = 0; c < channels; ++c) {
      const double exponent = static_cast<double>(c - c % 2) / static_cast<double>(channels);
      const double angle = static_cast<double>(t) / std::pow(10000.0, exponent);
      at[t][c] = static_cast<float>(c % 2 == 0 ? std::sin(angle) : std::cos(angle));
    }
  return table;
}

}  // namespace positions

// A shorter sequence has the first positions.
inline Stage stage(const Positions& layer, const Parts& parts) {
  const torch::Tensor table =
      layer.learned ? parts.weights[0] : positions::sinusoidal(parts.in.height, parts.in.channels);
  return [table](torch::Tensor x) { return x + table.narrow(0, 0, x.size(1)); };
}

}  // namespace basin::nn::layers
