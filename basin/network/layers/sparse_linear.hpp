// A fully connected layer over sparse rows. Its cost and its gradient follow what is not zero.
//
// Input    a sparse row
// Output   UNITS features
// Weights  weight columns x UNITS, a row for each column of the input, with sparse gradients; bias, unless
//          `no-bias`
// Initial  as of `linear`, of as many inputs
#pragma once
#include "basin/network/fit.hpp"
#include "basin/network/weight.hpp"
#include "basin/network/words.hpp"

namespace basin::nn::layers {

struct SparseLinear {
  static constexpr std::string_view name = "sparse-linear", prefix = "sparse",
                                    usage = "sparse-linear UNITS [no-bias]",
                                    title = "linear layer over sparse rows";
  static constexpr bool may_be_head = true;
  std::int64_t units;
  bool bias;

  static SparseLinear parse(Words& words) {
    const std::int64_t units = words.count("the number of units");
    return {units, !words.option("no-bias")};
  }
  Shape output(const Shape& in) const {
    if (in.form != Shape::Form::sparse) throw Misfit("it takes sparse rows; write linear");
    return Shape::features(units);
  }
  std::vector<Weight> weights(const Shape& in) const {
    Initial matrix = Initial::drawn();
    matrix.transposed = true;
    std::vector<Weight> out{{"weight", Role::matrix, {in.channels, units}, matrix}};
    if (bias) out.push_back({"bias", Role::bias, {units}, Initial::bias(in.channels)});
    return out;
  }
};

}  // namespace basin::nn::layers
