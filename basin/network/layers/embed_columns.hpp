// Replaces each column of categories by a row of its own table; numbers stay as they are.
//
// Input    columns of a table, some of them categories
// Output   the numbers, in their order, then DIM features for each column of categories
// Weights  weight (sum of the numbers of categories) x DIM: the tables of all columns one after the other,
//          normal with deviation `sd`, 1 as in PyTorch
// Source   Guo & Berkhahn, Entity Embeddings of Categorical Variables, 2016
#pragma once
#include <algorithm>
#include <numeric>

#include "basin/network/fit.hpp"
#include "basin/network/weight.hpp"
#include "basin/network/words.hpp"

namespace basin::nn::layers {

struct EmbedColumns {
  static constexpr std::string_view name = "embed-columns", prefix = "embed",
                                    usage = "embed-columns DIM [sd S]",
                                    title = "row of a table for each category";
  std::int64_t channels;
  double sd;

  static EmbedColumns parse(Words& words) {
    const std::int64_t channels = words.count("the number of channels");
    return {channels, words.number_option("sd").value_or(1)};
  }
  Shape output(const Shape& in) const {
    if (in.form != Shape::Form::image || symbols(in) == 0) throw Misfit("it takes columns of categories");
    const auto numbers = std::ranges::count(in.categories, 0);
    return Shape::features(product("features", {in.channels - numbers, channels}) + numbers);
  }
  std::vector<Weight> weights(const Shape& in) const {
    return {{"weight", Role::embedding, {symbols(in), channels}, Initial::normal(sd)}};
  }

 private:
  static std::int64_t symbols(const Shape& in) {
    return std::accumulate(in.categories.begin(), in.categories.end(), std::int64_t{0});
  }
};

}  // namespace basin::nn::layers
