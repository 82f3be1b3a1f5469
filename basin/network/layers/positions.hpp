// Adds to each step what says where it is.
//
// Input        a sequence
// Output       a sequence of the same shape
// learned      a row of a table for each step, normal with deviation `sd`, 1 as PyTorch's embeddings
// sinusoidal   channels 2i and 2i + 1 are sin and cos of step / 10000^(2i / channels)
// Source       Vaswani et al., Attention Is All You Need, NeurIPS 2017, section 3.5
#pragma once
#include "basin/core/names.hpp"
#include "basin/network/fit.hpp"
#include "basin/network/weight.hpp"
#include "basin/network/words.hpp"

namespace basin::nn::layers {

struct Positions {
  static constexpr std::string_view name = "positions", prefix = "positions",
                                    usage = "positions learned|sinusoidal [sd S]",
                                    title = "adds where each step is";
  bool learned;
  double sd;

  static Positions parse(Words& words) {
    const std::string kind = words.word();
    if (kind != "learned" && kind != "sinusoidal")
      throw InputError(unknown("kind of positions", kind, std::vector<std::string>{"learned", "sinusoidal"}));
    return {kind == "learned", words.number_option("sd").value_or(1)};
  }
  Shape output(const Shape& in) const {
    require_sequence(in);
    return in;
  }
  std::vector<Weight> weights(const Shape& in) const {
    if (!learned) return {};
    return {{"weight", Role::embedding, {in.height, in.channels}, Initial::normal(sd)}};
  }
};

}  // namespace basin::nn::layers
