// A fully connected layer.
//
// Input    features, or the steps of a sequence, each by itself
// Output   UNITS features, or a sequence of them
// Weights  weight UNITS x inputs, bias, unless `no-bias`
// Initial  as in PyTorch, or with `sd` normal with that deviation and a bias of 0
#pragma once
#include "basin/network/fit.hpp"
#include "basin/network/weight.hpp"
#include "basin/network/words.hpp"

namespace basin::nn::layers {

struct Linear {
  static constexpr std::string_view name = "linear", prefix = "linear",
                                    usage = "linear UNITS [no-bias] [sd S]", title = "fully connected layer";
  static constexpr bool may_be_head = true;
  std::int64_t units;
  bool bias;
  std::optional<double> sd;

  static Linear parse(Words& words) {
    const std::int64_t units = words.count("the number of units");
    return {units, !words.option("no-bias"), words.number_option("sd")};
  }
  Shape output(const Shape& in) const {
    require_steps_or_features(in);
    return {in.height, in.width, units, in.form};
  }
  std::vector<Weight> weights(const Shape& in) const {
    Initial matrix = Initial::drawn();
    matrix.sd = sd;
    std::vector<Weight> out{{"weight", Role::matrix, {units, in.channels}, matrix}};
    if (bias) out.push_back({"bias", Role::bias, {units}, Initial::bias(sd ? 0 : in.channels)});
    return out;
  }
};

}  // namespace basin::nn::layers
