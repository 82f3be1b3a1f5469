// Random parameters and gradients in memory that a sanitizer watches: every shape, stride, type and layout
// that a caller may have, and occasionally one that no step can accept.
#pragma once
#include <torch/torch.h>

#include <random>
#include <string>
#include <vector>

namespace basin::optim {

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}
  // Returns a number from 0 to n - 1.
  std::int64_t below(std::int64_t n) {
    return static_cast<std::int64_t>(engine_() % static_cast<std::uint64_t>(n));
  }
  bool once_in(std::int64_t n) { return below(n) == 0; }
  template <class T>
  const T& one_of(const std::vector<T>& all) {
    return all[static_cast<std::size_t>(below(static_cast<std::int64_t>(all.size())))];
  }

 private:
  std::mt19937_64 engine_;
};

using Sizes = std::vector<std::int64_t>;

// Mostly small, so that a case is quick; includes the ends of blocks (1,024) and of vectors (16), and empty
// tensors.
inline Sizes random_sizes(Random& random) {
  if (random.once_in(12)) return {random.one_of<std::int64_t>({1023, 1024, 1025, 2100, 20'000})};
  if (random.once_in(12)) return {random.below(5) + 1, random.one_of<std::int64_t>({255, 1024, 1030})};
  Sizes sizes(static_cast<std::size_t>(random.below(5)));
  for (auto& size : sizes) size = random.once_in(15) ? 0 : random.below(7) + 1;
  return sizes;
}

inline std::int64_t count_of(const Sizes& sizes) {
  std::int64_t count = 1;
  for (const std::int64_t size : sizes) count *= size;
  return count;
}

// A tensor of these sizes, and the tensor whose memory it views: what lies between its elements must not
// change.
struct Placed {
  torch::Tensor view, base;
};

inline Placed packed(const Sizes& sizes, torch::ScalarType type) {
  torch::Tensor base = torch::randn({count_of(sizes)}).to(type);
  return {base.view(sizes), base};
}

// With gaps, and an offset that is not aligned for vectors.
inline Placed with_gaps(Random& random, const Sizes& sizes, torch::ScalarType type) {
  Sizes wide = sizes;
  for (auto& size : wide) size = size * 2 + 3;
  const torch::Tensor base = torch::randn({count_of(wide)}).to(type);
  torch::Tensor view = base.view(wide);
  const std::int64_t step = random.below(2) + 1;
  for (std::size_t d = 0; d < sizes.size(); ++d)
    view = view.slice(static_cast<std::int64_t>(d), 1, 1 + step * sizes[d], step);
  return {view, base};
}

inline Placed permuted(Random& random, const Sizes& sizes, torch::ScalarType type) {
  std::vector<std::int64_t> order(sizes.size());
  for (std::size_t d = 0; d < order.size(); ++d) order[d] = static_cast<std::int64_t>(d);
  for (std::size_t d = order.size(); d > 1; --d)
    std::swap(order[d - 1], order[static_cast<std::size_t>(random.below(static_cast<std::int64_t>(d)))]);
  Sizes stored(sizes.size());
  for (std::size_t d = 0; d < order.size(); ++d) stored[static_cast<std::size_t>(order[d])] = sizes[d];
  const Placed plain = packed(stored, type);
  return {plain.view.permute(order), plain.base};
}

inline Placed random_placed(Random& random, const Sizes& sizes, torch::ScalarType type) {
  switch (sizes.empty() ? 0 : random.below(5)) {
    case 1:
      return with_gaps(random, sizes, type);
    case 2:
      return permuted(random, sizes, type);
    default:
      return packed(sizes, type);
  }
}

// A sparse gradient with some rows, some of them twice; occasionally with a row that does not exist.
inline torch::Tensor random_rows(Random& random, const Sizes& sizes, torch::ScalarType type) {
  const std::int64_t count = random.below(6), rows = std::max<std::int64_t>(sizes[0], 1);
  Sizes of_values = sizes;
  of_values[0] = count;
  const bool wrong = random.once_in(8);
  torch::Tensor indices = torch::zeros({1, count}, torch::kInt64);
  for (std::int64_t i = 0; i < count; ++i)
    indices[0][i] = wrong ? random.below(3 * rows + 2) - 1 : random.below(rows);
  torch::Tensor out = torch::_sparse_coo_tensor_unsafe(indices, torch::randn(of_values).to(type), sizes);
  return random.once_in(4) ? out._coalesced_(true) : out;
}

// A gradient that usually fits the parameter.
inline torch::Tensor random_gradient(Random& random, const torch::Tensor& parameter) {
  const Sizes sizes = parameter.sizes().vec();
  const auto type = parameter.scalar_type();
  const std::int64_t kind = random.below(60);
  if (kind == 0) return {};
  if (kind == 1) return torch::randn(random_sizes(random)).to(type);
  if (kind == 2) return torch::randn(sizes).to(type == torch::kFloat32 ? torch::kFloat64 : torch::kFloat32);
  if (kind == 3 && !sizes.empty()) return torch::randn(sizes).to(type).to_sparse();
  if (kind <= 6 && !sizes.empty()) return random_rows(random, sizes, type);
  if (kind == 7 && !sizes.empty()) return torch::randn({1}).to(type).expand(sizes);
  if (kind == 8) return torch::_neg_view(torch::randn(sizes).to(type));
  if (kind == 9)
    return torch::full(sizes, random.one_of<double>({1e20, 1e38, 1e-40, INFINITY, NAN})).to(type);
  if (kind == 10) {
    const torch::Tensor out = torch::randn(sizes).to(type);
    out.storage().unsafeGetStorageImpl()->set_nbytes(out.nbytes() / 2);
    return out;
  }
  return random_placed(random, sizes, type).view;
}

}  // namespace basin::optim
