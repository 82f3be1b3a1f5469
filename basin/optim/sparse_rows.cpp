#include "basin/optim/sparse_rows.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <utility>

#include "basin/optim/state.hpp"

namespace basin::optim {
namespace {

constexpr unsigned digit_bits = 11;  // two digits for a million rows; the counts of one fit the first cache

void make_room(torch::Tensor& kept, std::int64_t count, const torch::TensorOptions& options) {
  if (!kept.defined() || kept.numel() < count || kept.dtype() != options.dtype())
    kept = torch::empty({count}, options);
}

bool ascend(const torch::Tensor& rows) {
  const auto* const row = rows.data_ptr<std::int64_t>();
  return std::adjacent_find(row, row + rows.numel(), std::greater_equal()) == row + rows.numel();
}

// Sums in 16 bits are left to libtorch.
SparseRows summed_by_torch(const torch::Tensor& rows, const torch::Tensor& values,
                           const torch::Tensor& gradient) {
  const torch::Tensor sum =
      torch::_sparse_coo_tensor_unsafe(rows.unsqueeze(0), values, gradient.sizes()).coalesce();
  return {sum.indices()[0].contiguous(), sum.values().contiguous()};
}

}  // namespace

SparseRows RowSums::operator()(const torch::Tensor& gradient) {
  const torch::Tensor rows = gradient._indices()[0].contiguous(), values = gradient._values().contiguous();
  if (gradient.is_coalesced() && ascend(rows))
    return {rows, values};  // a caller may mark any gradient as coalesced
  if (is_packed(gradient)) return summed_by_torch(rows, values, gradient);
  const auto* const row = rows.data_ptr<std::int64_t>();
  entries_.clear();
  for (std::int64_t i = 0; i < rows.numel(); ++i) entries_.push_back({static_cast<std::uint64_t>(row[i]), i});
  sort(static_cast<std::uint64_t>(gradient.size(0)));
  make_room(indices_, rows.numel(), rows.options());
  make_room(sums_, values.numel(), values.options());
  const std::int64_t count =
      values.scalar_type() == torch::kFloat64 ? add_up<double>(values) : add_up<float>(values);
  return {indices_.narrow(0, 0, count), sums_};
}

// Stable: the entries of one row keep their order.
void RowSums::sort(std::uint64_t rows) {
  sorted_.resize(entries_.size());
  for (unsigned shift = 0; shift < 64 && rows >> shift > 0; shift += digit_bits) {
    const auto digit = [&](const Entry& entry) {
      return (entry.row >> shift) & ((std::uint64_t{1} << digit_bits) - 1);
    };
    std::array<std::size_t, 1 << digit_bits> next{};
    for (const Entry& entry : entries_) ++next[digit(entry)];
    for (std::size_t begin = 0; std::size_t& count : next) begin += std::exchange(count, begin);
    for (const Entry& entry : entries_) sorted_[next[digit(entry)]++] = entry;
    entries_.swap(sorted_);
  }
}

// Returns the number of rows.
template <class T>
std::int64_t RowSums::add_up(const torch::Tensor& values) {
  const auto given = static_cast<std::int64_t>(entries_.size());
  const std::int64_t size = given > 0 ? values.numel() / given : 0;
  const T* const from = values.data_ptr<T>();
  T* const sums = sums_.data_ptr<T>();
  auto* const rows = indices_.data_ptr<std::int64_t>();
  std::int64_t count = 0;
  for (const Entry& entry : entries_) {
    const T* const value = from + entry.place * size;
    const auto row = static_cast<std::int64_t>(entry.row);
    if (count == 0 || rows[count - 1] != row) {
      std::copy(value, value + size, sums + count * size);
      rows[count++] = row;
    } else {
      T* const sum = sums + (count - 1) * size;
      for (std::int64_t i = 0; i < size; ++i) sum[i] += value[i];
    }
  }
  return count;
}

}  // namespace basin::optim
