// The last step.
//
// Input    a sequence
// Output   its channels, as features
#pragma once
#include "basin/network/fit.hpp"
#include "basin/network/words.hpp"

namespace basin::nn::layers {

struct Last {
  static constexpr std::string_view name = "last", usage = "last", title = "last step of a sequence";

  static Last parse(Words&) { return {}; }
  Shape output(const Shape& in) const {
    require_sequence(in);
    return Shape::features(in.channels);
  }
};

}  // namespace basin::nn::layers
