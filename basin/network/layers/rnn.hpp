// A plain recurrent layer: h = f(W x + b + U h + c), with f = tanh or max(., 0).
//
// Input    a sequence
// Output   a sequence with UNITS channels: the state after each step, which begins at 0
// Weights  as in recurrent.hpp, with 1 gate
// Source   Elman, Finding Structure in Time, Cognitive Science 1990
#pragma once
#include "basin/network/fit.hpp"
#include "basin/network/recurrent.hpp"
#include "basin/network/weight.hpp"
#include "basin/network/words.hpp"

namespace basin::nn::layers {

struct Rnn {
  static constexpr std::string_view name = "rnn", prefix = "rnn", usage = "rnn UNITS [tanh|relu]",
                                    title = "plain recurrent layer";
  std::int64_t units;
  bool relu;

  static Rnn parse(Words& words) {
    const std::int64_t units = words.count("the number of units");
    const bool relu = words.option("relu"), tanh = words.option("tanh");
    if (relu && tanh) throw InputError("it has either tanh or relu");
    return {units, relu};
  }
  Shape output(const Shape& in) const {
    require_sequence(in);
    return Shape::sequence(in.height, units);
  }
  std::vector<Weight> weights(const Shape& in) const { return recurrent_weights(1, units, in.channels); }
};

}  // namespace basin::nn::layers
