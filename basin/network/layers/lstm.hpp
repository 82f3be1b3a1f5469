// Long short-term memory, as in PyTorch.
//
// Input    a sequence
// Output   a sequence with UNITS channels: the state after each step, which begins at 0
// Weights  as in recurrent.hpp, with 4 gates: input, forget, cell, output
// Source   Hochreiter & Schmidhuber, Long Short-Term Memory, Neural Computation 1997
#pragma once
#include "basin/network/fit.hpp"
#include "basin/network/recurrent.hpp"
#include "basin/network/weight.hpp"
#include "basin/network/words.hpp"

namespace basin::nn::layers {

struct Lstm {
  static constexpr std::string_view name = "lstm", prefix = "lstm", usage = "lstm UNITS",
                                    title = "recurrent layer with a gated memory";
  std::int64_t units;

  static Lstm parse(Words& words) { return {words.count("the number of units")}; }
  Shape output(const Shape& in) const {
    require_sequence(in);
    return Shape::sequence(in.height, units);
  }
  std::vector<Weight> weights(const Shape& in) const { return recurrent_weights(4, units, in.channels); }
};

}  // namespace basin::nn::layers
