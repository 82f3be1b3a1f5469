// The rows of a gradient that is sparse in the first dimension, each once and in order.
#pragma once
#include <torch/types.h>

#include <cstdint>
#include <vector>

namespace basin::optim {

struct SparseRows {
  torch::Tensor indices;  // ascending and unique
  torch::Tensor values;   // of those rows, in order
};

// Keeps its working memory between gradients. A result is valid until the next gradient.
//
// Cost  nothing for a coalesced gradient; otherwise a radix sort of the indices and a pass over the values,
//       half the time of libtorch's coalesce(), which also allocates each time. Always gives the same bits:
//       rows are added in order of arrival
class RowSums {
 public:
  SparseRows operator()(const torch::Tensor& gradient);

 private:
  struct Entry {
    std::uint64_t row;
    std::int64_t place;  // index among the given values
  };

  void sort(std::uint64_t rows);
  template <class T>
  std::int64_t add_up(const torch::Tensor& values);

  std::vector<Entry> entries_, sorted_;
  torch::Tensor indices_, sums_;
};

}  // namespace basin::optim
