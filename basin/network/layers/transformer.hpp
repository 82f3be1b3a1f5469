// A block of a transformer: self-attention and a two-layer perceptron at each step, each added to its input.
//
// Input    a sequence
// Output   a sequence of the same shape; with `causal`, a step sees itself and those before it
// Weights  as in attention.hpp, then up_weight M x channels, down_weight channels x M with biases, then two
//          layer-norms; M = 4 x channels unless `mlp` says otherwise
// Norms    before each part (pre-norm), or with `post-norm` after each sum, as PyTorch does by default
// Dropout  in training, of the attention's weights, inside the perceptron and of each part's output
// Initial  as in PyTorch, or normal with deviation `sd` and biases of 0; `scaled N` multiplies the weights of
//          what is added by 1 / sqrt(2 N), for N blocks, as in GPT-2
// Source   Vaswani et al., Attention Is All You Need, NeurIPS 2017; pre-norm: Xiong et al., On Layer
//          Normalization in the Transformer Architecture, ICML 2020; GELU: Hendrycks & Gimpel, 2016
#pragma once
#include <cmath>

#include "basin/network/attention.hpp"
#include "basin/network/fit.hpp"
#include "basin/network/weight.hpp"
#include "basin/network/words.hpp"

namespace basin::nn::layers {

struct Transformer {
  static constexpr std::string_view
      name = "transformer",
      prefix = "transformer",
      usage = "transformer HEADS [causal] [post-norm] [no-bias] [mlp M] [dropout P] [sd S] [scaled N]",
      title = "block of attention and perceptron";
  std::int64_t heads;
  bool causal, post_norm, bias;
  std::optional<std::int64_t> hidden;
  double probability;
  std::optional<double> sd;
  double scale;

  static Transformer parse(Words& words) {
    Transformer out{};
    out.heads = words.count("the number of heads");
    out.causal = words.option("causal");
    out.post_norm = words.option("post-norm");
    out.bias = !words.option("no-bias");
    out.hidden = words.count_option("mlp", "the number of hidden units");
    out.probability = words.probability_option("dropout").value_or(0);
    out.sd = words.number_option("sd");
    const auto blocks = words.count_option("scaled", "the number of blocks");
    out.scale = blocks ? 1 / std::sqrt(2.0 * static_cast<double>(*blocks)) : 1;
    return out;
  }
  Shape output(const Shape& in) const {
    require_sequence(in);
    check_divisible(in.channels, heads, "heads");
    return in;
  }
  std::vector<Weight> weights(const Shape& in) const {
    const std::int64_t width = in.channels, units = hidden.value_or(4 * width);
    std::vector<Weight> out = attention_weights(width, bias, {sd, scale});
    const auto add = [&](const std::string& matrix_name, std::int64_t to, std::int64_t from, double scaled) {
      Initial matrix = Initial::drawn();
      matrix.sd = sd, matrix.scale = scaled;
      out.push_back({matrix_name + "_weight", Role::matrix, {to, from}, matrix});
      if (bias) out.push_back({matrix_name + "_bias", Role::bias, {to}, Initial::bias(sd ? 0 : from)});
    };
    add("up", units, width, 1);
    add("down", width, units, scale);
    for (const char* norm : {"norm1_", "norm2_"})
      for (Weight& weight : scale_and_shift(width, norm)) out.push_back(std::move(weight));
    return out;
  }
};

}  // namespace basin::nn::layers
