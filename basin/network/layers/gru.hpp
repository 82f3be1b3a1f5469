// Gated recurrent unit, as in PyTorch.
//
// Input    a sequence
// Output   a sequence with UNITS channels: the state after each step, which begins at 0
// Weights  as in recurrent.hpp, with 3 gates: reset, update, new
// Source   Cho et al., Learning Phrase Representations Using RNN Encoder-Decoder, EMNLP 2014
#pragma once
#include "basin/network/fit.hpp"
#include "basin/network/recurrent.hpp"
#include "basin/network/weight.hpp"
#include "basin/network/words.hpp"

namespace basin::nn::layers {

struct Gru {
  static constexpr std::string_view name = "gru", prefix = "gru", usage = "gru UNITS",
                                    title = "recurrent layer with two gates";
  std::int64_t units;

  static Gru parse(Words& words) { return {words.count("the number of units")}; }
  Shape output(const Shape& in) const {
    require_sequence(in);
    return Shape::sequence(in.height, units);
  }
  std::vector<Weight> weights(const Shape& in) const { return recurrent_weights(3, units, in.channels); }
};

}  // namespace basin::nn::layers
