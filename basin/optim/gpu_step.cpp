#include "basin/optim/gpu_step.hpp"

#include <array>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <tuple>

#include "basin/kernels/chain_source.hpp"
#include "basin/optim/gpu_kernel.hpp"
#include "basin/optim/state.hpp"

namespace basin::optim {
namespace {

using kernels::Source;

// What determines the source of a kernel, and the device that it is compiled for.
using Key = std::tuple<std::vector<const void*>, at::ScalarType, c10::DeviceIndex>;

Key key_of(const kernels::Chain& chain, std::size_t first, const at::Tensor& weight) {
  std::vector<const void*> tables;
  for (std::size_t i = first; i < chain.before.size(); ++i) tables.push_back(&chain.before[i].table());
  tables.push_back(&chain.rule.table());
  for (const kernels::AnyLink& link : chain.after) tables.push_back(&link.table());
  return {std::move(tables), weight.scalar_type(), weight.device().index()};
}

// The text does not depend on the step, the numbers or the sums: any will do.
std::string source_of(const kernels::Chain& chain, std::size_t first, at::ScalarType type) {
  const kernels::Table& table = chain.rule.table();
  Source source(chain.rule.slot_count(), Source::Wanted::everything);
  std::vector<double> numbers(table.numbers, 1.0);
  const std::vector<double> sums(table.terms);
  kernels::write_chain(chain, first, 1, numbers, {sums, 1, false}, source);
  return source.kernel(type == at::kDouble ? "double" : "float");
}

// All kernels of this process, by key; nothing for those that CUDA does not accept.
class Kernels {
 public:
  const GpuKernel* get(const kernels::Chain& chain, std::size_t first, const at::Tensor& weight) {
    Key key = key_of(chain, first, weight);
    const std::scoped_lock lock(guard_);
    auto found = kernels_.find(key);
    if (found == kernels_.end())
      found = kernels_.emplace(std::move(key), compiled(chain, first, weight)).first;
    return found->second.get();
  }

 private:
  static std::unique_ptr<GpuKernel> compiled(const kernels::Chain& chain, std::size_t first,
                                             const at::Tensor& weight) {
    try {
      return std::make_unique<GpuKernel>(source_of(chain, first, weight.scalar_type()), weight.device());
    } catch (const Error& error) {
      TORCH_WARN("basin: ", chain.text(), " runs as separate libtorch operations (slower): ", error.what());
      return nullptr;
    }
  }

  std::mutex guard_;
  std::map<Key, std::unique_ptr<GpuKernel>> kernels_;
};

Kernels& known() {
  static Kernels all;
  return all;
}

// Packs the scalars as the kernel takes them: numbers of its type, consecutive; at least one.
template <class T>
std::vector<std::byte> packed(const std::vector<double>& scalars) {
  std::vector<std::byte> out(std::max<std::size_t>(scalars.size(), 1) * sizeof(T));
  for (std::size_t i = 0; i < scalars.size(); ++i) {
    const auto value = static_cast<T>(scalars[i]);
    std::memcpy(&out[i * sizeof(T)], &value, sizeof(T));
  }
  return out;
}

// Copies the gradient if a link has left it in another order than the weights.
at::Tensor in_order_of(const at::Tensor& weight, const at::Tensor& gradient) {
  return in_same_order(gradient, weight) ? gradient : at::empty_like(weight).copy_(gradient);
}

}  // namespace

std::optional<GpuStep> GpuStep::of(const kernels::Chain& chain, std::span<const TensorLeaf> leaves) {
  const auto first = kernels::links_apart(chain);
  if (!first) return {};
  GpuStep out(chain, *first);
  const at::Tensor* before = nullptr;  // usually, the next weights have the same kernel
  for (const TensorLeaf& leaf : leaves) {
    const auto type = leaf.weight.scalar_type();
    if (!GpuKernel::serves(leaf.weight.device()) || (type != at::kFloat && type != at::kDouble)) return {};
    const bool same = before && before->scalar_type() == type && before->device() == leaf.weight.device();
    out.kernels_.push_back(same ? out.kernels_.back() : known().get(chain, *first, leaf.weight));
    if (!out.kernels_.back()) return {};
    before = &leaf.weight;
  }
  return out;
}

void GpuStep::operator()(std::size_t l, const TensorLeaf& leaf, const at::Tensor& gradient,
                         const Sums& sums) const {
  const std::size_t slots = chain_->rule.slot_count();
  Source source(slots, Source::Wanted::scalars);
  kernels::write_chain(*chain_, first_, leaf.step, leaf.numbers, sums, source);
  std::vector<std::byte> scalars = leaf.weight.scalar_type() == at::kDouble ? packed<double>(source.scalars)
                                                                            : packed<float>(source.scalars);

  const at::Tensor slope = in_order_of(leaf.weight, gradient);
  std::array<void*, kernels::most_slots + 2> pointers{leaf.weight.data_ptr(), slope.data_ptr()};
  for (std::size_t i = 0; i < slots; ++i) pointers[2 + i] = leaf.slots[i].data_ptr();
  auto count = static_cast<std::uint64_t>(leaf.weight.numel());
  std::array<void*, kernels::most_slots + 4> arguments{&count};
  for (std::size_t i = 0; i < slots + 2; ++i) arguments[1 + i] = &pointers[i];
  arguments[slots + 3] = scalars.data();
  kernels_[l]->launch((leaf.weight.numel() + 3) / 4, std::span(arguments).first(slots + 4));
}

}  // namespace basin::optim
