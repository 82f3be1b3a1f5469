// LSTM layers that predict the next symbol at each step.
//
// Sizes    units of each layer and of the embedding, 256; layers, 1
// Source   Karpathy, The Unreasonable Effectiveness of Recurrent Neural Networks, 2015
#pragma once
#include "basin/network/sizes.hpp"

namespace basin::nn::networks {

struct CharLstm {
  static constexpr std::string_view name = "char-lstm", usage = "char-lstm [UNITS LAYERS]",
                                    title = "LSTM that predicts the next symbol";
  static constexpr std::size_t most_sizes = 2;

  static Example example() { return {Shape::tokens(64, 65), 65}; }
  static std::string layers(const Sizes& sizes, const Shape& in, const std::string& outputs) {
    const std::vector<std::int64_t> size = sizes.over({256, 1});
    require_tokens(in);
    const std::string units = std::to_string(size[0]), count = std::to_string(size[1]);
    return "embedding " + units + ", repeat " + count + " ( lstm " + units + " ), linear " + outputs;
  }
};

}  // namespace basin::nn::networks
