// A table with a row of numbers for each symbol.
//
// Input    tokens
// Output   a sequence with DIM channels
// Weights  weight symbols x DIM, normal with deviation `sd`, 1 as in PyTorch
#pragma once
#include "basin/network/fit.hpp"
#include "basin/network/weight.hpp"
#include "basin/network/words.hpp"

namespace basin::nn::layers {

struct Embedding {
  static constexpr std::string_view name = "embedding", prefix = "embedding", usage = "embedding DIM [sd S]",
                                    title = "row of a table for each token";
  std::int64_t channels;
  double sd;

  static Embedding parse(Words& words) {
    const std::int64_t channels = words.count("the number of channels");
    return {channels, words.number_option("sd").value_or(1)};
  }
  Shape output(const Shape& in) const {
    if (in.form != Shape::Form::tokens) throw Misfit("it takes tokens");
    return Shape::sequence(in.height, channels);
  }
  std::vector<Weight> weights(const Shape& in) const {
    return {{"weight", Role::embedding, {in.channels, channels}, Initial::normal(sd)}};
  }
};

}  // namespace basin::nn::layers
