// Repeats each position K times in both directions.
//
// Input    an image
// Output   K height x K width
#pragma once
#include "basin/network/fit.hpp"
#include "basin/network/words.hpp"

namespace basin::nn::layers {

struct Upsample {
  static constexpr std::string_view name = "upsample", usage = "upsample K",
                                    title = "repeats each position K x K times";
  std::int64_t factor;

  static Upsample parse(Words& words) { return {words.count("the factor")}; }
  Shape output(const Shape& in) const {
    require_image(in);
    product("numbers", {factor, in.height, factor, in.width, in.channels});
    return {factor * in.height, factor * in.width, in.channels};
  }
};

}  // namespace basin::nn::layers
