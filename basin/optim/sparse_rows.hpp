// The rows of a gradient that is sparse in the first dimension, each once and in order.
#pragma once
#include <torch/types.h>

#include <cstdint>
#include <vector>

namespace basin::optim {

struct SparseRows {
  torch::Tensor indices;  // ascending, none twice
  torch::Tensor values;   // of those rows, one behind the other
};

// Keeps its working memory from gradient to gradient. What it returns is valid until the next one is given.
// Cost  nothing for a gradient that is coalesced. Otherwise a radix sort of the indices and a pass over the values: half of
//       libtorch's coalesce(), which also takes fresh memory each time. The same bits every time: rows are added as they come
class RowSums {
 public:
  SparseRows operator()(const torch::Tensor& gradient);

 private:
  struct Entry {
    std::uint64_t row;
    std::int64_t place;  // among the values that were given
  };

  void sort(std::uint64_t rows);
  template <class T>
  std::int64_t add_up(const torch::Tensor& values);

  std::vector<Entry> entries_, sorted_;
  torch::Tensor indices_, sums_;
};

}  // namespace basin::optim
