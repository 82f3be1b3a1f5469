// A convolution with a square kernel, or along a sequence.
//
// Input    an image, or a sequence if the kernel is one number
// Output   CHANNELS maps; with `same` and stride 1 as high and wide as the input. A position for each S-th
//          place where the kernel fits, and with `same` its centre
// Weights  weight CHANNELS x input channels / G x K x K (or x K), bias, unless `no-bias`
#pragma once
#include "basin/network/fit.hpp"
#include "basin/network/weight.hpp"
#include "basin/network/words.hpp"

namespace basin::nn::layers {

struct Conv {
  static constexpr std::string_view
      name = "conv",
      prefix = "conv",
      usage = "conv CHANNELS KxK|K [same|valid] [stride S] [groups G] [dilation D] [no-bias]",
      title = "convolution over an image, or with K along a sequence";
  static constexpr bool may_be_head = true;
  std::int64_t channels;
  Words::Kernel kernel;
  bool same, bias;
  std::int64_t stride, groups, dilation;

  static Conv parse(Words& words) {
    Conv out{};
    out.channels = words.count("the number of channels");
    out.kernel = words.kernel();
    out.same = words.option("same");
    if (words.option("valid") && out.same) throw InputError("it is either same or valid");
    if (out.same && out.kernel.edge % 2 == 0) throw InputError("same needs a kernel with an odd edge");
    out.bias = !words.option("no-bias");
    out.stride = words.count_option("stride", "the stride").value_or(1);
    out.groups = words.count_option("groups", "the number of groups").value_or(1);
    out.dilation = words.count_option("dilation", "the dilation").value_or(1);
    return out;
  }
  Shape output(const Shape& in) const {
    require_numbers(in);
    const bool sequence = in.form == Shape::Form::sequence;
    check_kernel(sequence);
    check_divisible(in.channels, groups, "groups");
    check_divisible(channels, groups, "groups");
    if (!same) check_window(window(), in);
    return {extent(in.height), sequence ? 1 : extent(in.width), channels, in.form};
  }
  std::vector<Weight> weights(const Shape& in) const {
    const std::int64_t inputs = in.channels / groups;
    std::vector<std::int64_t> shape{channels, inputs, kernel.edge};
    if (kernel.square) shape.push_back(kernel.edge);
    const std::int64_t fan_in = product("weights", {inputs, kernel.edge, kernel.square ? kernel.edge : 1});
    std::vector<Weight> out{{"weight", Role::convolution, shape, Initial::drawn()}};
    if (bias) out.push_back({"bias", Role::bias, {channels}, Initial::bias(fan_in)});
    return out;
  }
  std::int64_t padding() const { return same ? (window() - 1) / 2 : 0; }

 private:
  std::int64_t window() const { return dilation * (kernel.edge - 1) + 1; }
  std::int64_t extent(std::int64_t in) const { return (in + 2 * padding() - window()) / stride + 1; }
  void check_kernel(bool sequence) const {
    const std::string edge = std::to_string(kernel.edge), square = edge + "x" + edge;
    if (sequence && kernel.square)
      throw InputError("the kernel '" + square + "' is for images; over a sequence, write it like " + edge);
    if (!sequence && !kernel.square)
      throw InputError("the kernel '" + edge + "' is not square; write it like " + square);
  }
};

}  // namespace basin::nn::layers
