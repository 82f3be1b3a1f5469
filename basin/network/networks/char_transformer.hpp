// A decoder-only transformer that predicts the next symbol at each step, with nanoGPT's initial weights.
//
// Sizes    layers, 4; heads, 4; width, 128
// Source   Radford et al., Language Models Are Unsupervised Multitask Learners, 2019; Karpathy, nanoGPT
// Departs  the last layer has weights of its own, where nanoGPT shares the embedding's; normalizations shift
#pragma once
#include "basin/network/sizes.hpp"

namespace basin::nn::networks {

struct CharTransformer {
  static constexpr std::string_view name = "char-transformer",
                                    usage = "char-transformer [LAYERS HEADS WIDTH]",
                                    title = "transformer that predicts the next symbol";
  static constexpr std::size_t most_sizes = 3;

  static Example example() { return {Shape::tokens(64, 65), 65}; }
  static std::string layers(const Sizes& sizes, const Shape& in, const std::string& outputs) {
    const std::vector<std::int64_t> size = sizes.over({4, 4, 128});
    require_tokens(in);
    const std::string blocks = std::to_string(size[0]), width = std::to_string(size[2]);
    return "embedding " + width + " sd 0.02, positions learned sd 0.02, repeat " + blocks +
           " ( transformer " + std::to_string(size[1]) + " causal no-bias sd 0.02 scaled " + blocks +
           " ), layer-norm, linear " + outputs + " no-bias sd 0.02";
  }
};

}  // namespace basin::nn::networks
