// A transposed convolution with a square kernel, as in PyTorch: the gradient of `conv` with that stride.
//
// Input    an image
// Output   CHANNELS maps of (height - 1) S + K x (width - 1) S + K
// Weights  weight input channels x CHANNELS x K x K, bias
// Initial  as in PyTorch, whose `default` counts CHANNELS x K x K inputs
#pragma once
#include "basin/network/fit.hpp"
#include "basin/network/weight.hpp"
#include "basin/network/words.hpp"

namespace basin::nn::layers {

struct ConvTranspose {
  static constexpr std::string_view name = "conv-transpose", prefix = "conv",
                                    usage = "conv-transpose CHANNELS KxK [stride S]",
                                    title = "transposed convolution";
  static constexpr bool may_be_head = true;
  std::int64_t channels, kernel, stride;

  static ConvTranspose parse(Words& words) {
    const std::int64_t channels = words.count("the number of channels"), kernel = words.square_kernel();
    return {channels, kernel, words.count_option("stride", "the stride").value_or(1)};
  }
  Shape output(const Shape& in) const {
    require_image(in);
    const std::int64_t height = product("rows", {in.height - 1, stride}) + kernel,
                       width = product("columns", {in.width - 1, stride}) + kernel;
    product("numbers", {height, width, channels});
    return {height, width, channels};
  }
  std::vector<Weight> weights(const Shape& in) const {
    const std::int64_t fan_in = product("weights", {kernel, kernel, channels});
    return {{"weight", Role::convolution, {in.channels, channels, kernel, kernel}, Initial::drawn()},
            {"bias", Role::bias, {channels}, Initial::bias(fan_in)}};
  }
};

}  // namespace basin::nn::layers
