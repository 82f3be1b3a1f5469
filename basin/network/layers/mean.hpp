// The mean over time.
//
// Input    a sequence
// Output   its channels, as features
#pragma once
#include "basin/network/fit.hpp"
#include "basin/network/words.hpp"

namespace basin::nn::layers {

struct Mean {
  static constexpr std::string_view name = "mean", usage = "mean",
                                    title = "mean over the steps of a sequence";

  static Mean parse(Words&) { return {}; }
  Shape output(const Shape& in) const {
    require_sequence(in);
    return Shape::features(in.channels);
  }
};

}  // namespace basin::nn::layers
