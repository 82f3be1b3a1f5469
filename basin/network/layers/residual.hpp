// Adds to its input what the layers inside make of it.
//
// Input    any numbers
// Output   of the shape that the layers inside have, which is that of the input; with `project`, the input
//          goes through a convolution with a kernel of 1x1, or a linear layer, without bias
// Weights  weight output channels x input channels (x 1 x 1) with `project`, then those of the layers inside
// Source   He, Zhang, Ren & Sun, Deep Residual Learning for Image Recognition, CVPR 2016
#pragma once
#include "basin/network/fit.hpp"
#include "basin/network/weight.hpp"
#include "basin/network/words.hpp"

namespace basin::nn::layers {

struct Residual {
  static constexpr std::string_view name = "residual", prefix = "residual",
                                    usage = "residual [project] ( LAYERS )",
                                    title = "adds its input to what LAYERS make of it";
  static constexpr bool contains_layers = true;
  bool project;

  static Residual parse(Words& words) { return {words.option("project")}; }
  // `inside`: the output of the layers inside.
  Shape output(const Shape& in, const Shape& inside) const {
    require_numbers(in);
    if (inside == in || (project && inside == projected(in, inside))) return inside;
    const bool channels_alone = inside == projected(in, inside);
    throw InputError("the layers inside turn " + text_of(in) + " into " + text_of(inside) +
                     (channels_alone ? "; write residual project ( ... )" : ", which cannot be added"));
  }
  std::vector<Weight> weights(const Shape& in, const Shape& inside) const {
    if (!project) return {};
    const bool image = in.form == Shape::Form::image && !in.is_features();
    std::vector<std::int64_t> shape{inside.channels, in.channels};
    if (image) shape.insert(shape.end(), {1, 1});
    return {{"weight", image ? Role::convolution : Role::matrix, shape, Initial::drawn()}};
  }
  // Returns how many rows and columns of the input make one of the output.
  static std::int64_t stride(const Shape& in, const Shape& inside) {
    return (in.height + inside.height - 1) / inside.height;
  }

 private:
  // Returns the shape that a projection of the input would have.
  static Shape projected(const Shape& in, const Shape& inside) {
    const std::int64_t s = stride(in, inside);
    return {(in.height - 1) / s + 1, (in.width - 1) / s + 1, inside.channels, in.form};
  }
};

}  // namespace basin::nn::layers
