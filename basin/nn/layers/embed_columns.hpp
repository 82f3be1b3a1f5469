// embed-columns, as libtorch computes it: all tables at once, each column's numbers moved to where its table
// begins.
#pragma once
#include "basin/nn/layers/stage.hpp"

namespace basin::nn::layers {

constexpr bool owns_output(const EmbedColumns&) { return true; }

inline Stage stage(const EmbedColumns&, const Parts& parts) {
  std::vector<std::int64_t> numbers, categories, begins;
  std::int64_t begin = 0;
  for (std::size_t column = 0; column < parts.in.categories.size(); ++column) {
    const std::int64_t count = parts.in.categories[column];
    (count > 0 ? categories : numbers).push_back(static_cast<std::int64_t>(column));
    if (count > 0) begins.push_back(begin);
    begin += count;
  }
  return [numbers = torch::tensor(numbers, torch::kInt64), categories = torch::tensor(categories),
          begins = torch::tensor(begins), weight = parts.weights[0]](torch::Tensor x) {
    const torch::Tensor rows = x.index_select(1, categories).to(torch::kInt64) + begins;
    return torch::cat({x.index_select(1, numbers), torch::embedding(weight, rows).flatten(1)}, 1);
  };
}

}  // namespace basin::nn::layers
