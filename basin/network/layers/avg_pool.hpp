// The mean of each window; windows do not overlap.
//
// Input    an image
// Output   height / K x width / K, rounded down
#pragma once
#include "basin/network/fit.hpp"
#include "basin/network/words.hpp"

namespace basin::nn::layers {

struct AvgPool {
  static constexpr std::string_view name = "avg-pool", usage = "avg-pool K", title = "mean of each K x K";
  std::int64_t edge;

  static AvgPool parse(Words& words) { return {words.count("the window's edge")}; }
  Shape output(const Shape& in) const {
    require_image(in);
    check_window(edge, in);
    return {in.height / edge, in.width / edge, in.channels};
  }
};

}  // namespace basin::nn::layers
