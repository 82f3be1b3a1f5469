// A deep autoencoder of sigmoid units: layers of these sizes, a linear code, and the same layers back.
//
// Sizes    of the encoder, the code last; 1000 500 250 30
// Source   Hinton & Salakhutdinov, Reducing the Dimensionality of Data with Neural Networks, Science 2006
#pragma once
#include "basin/network/sizes.hpp"

namespace basin::nn::networks {

struct Autoencoder {
  static constexpr std::string_view name = "autoencoder", usage = "autoencoder [UNITS ...]",
                                    title = "encoder and decoder of sigmoid units";
  static constexpr std::size_t most_sizes = any_number;

  static Example example() { return {{28, 28, 1}, 784}; }
  static std::string layers(const Sizes& sizes, const Shape& in, const std::string& outputs) {
    std::string out = start_of_features(in);
    const std::vector<std::int64_t> size = sizes.or_else({1000, 500, 250, 30});
    for (std::size_t i = 0; i < size.size(); ++i)
      out += "linear " + std::to_string(size[i]) + (i + 1 < size.size() ? ", sigmoid, " : ", ");
    for (std::size_t i = size.size() - 1; i-- > 0;)
      out += "linear " + std::to_string(size[i]) + ", sigmoid, ";
    return out + "linear " + outputs;
  }
};

}  // namespace basin::nn::networks
