#include "basin/optim/gpu_step.hpp"

#include <array>
#include <cstring>
#include <map>
#include <mutex>
#include <tuple>

#include "basin/kernels/chain_source.hpp"
#include "basin/optim/gpu_kernel.hpp"

namespace basin::optim {
namespace {

using kernels::Source;

// What the source of a kernel follows from, and the device that it is compiled for.
using Key = std::tuple<std::vector<const void*>, at::ScalarType, c10::DeviceIndex>;

Key key_of(const kernels::Chain& chain, std::size_t first, const at::Tensor& weight) {
  std::vector<const void*> tables;
  for (std::size_t i = first; i < chain.before.size(); ++i) tables.push_back(&chain.before[i].table());
  tables.push_back(&chain.rule.table());
  for (const kernels::AnyLink& link : chain.after) tables.push_back(&link.table());
  return {std::move(tables), weight.scalar_type(), weight.device().index()};
}

// Every kernel of this process, by what it follows from.
class Kernels {
 public:
  const GpuKernel* find(const Key& key) {
    const std::scoped_lock lock(guard_);
    const auto found = kernels_.find(key);
    return found == kernels_.end() ? nullptr : &found->second;
  }
  const GpuKernel& add(Key key, GpuKernel kernel) {
    const std::scoped_lock lock(guard_);
    return kernels_.try_emplace(std::move(key), std::move(kernel)).first->second;
  }

 private:
  std::mutex guard_;
  std::map<Key, GpuKernel> kernels_;
};

Kernels& known() {
  static Kernels all;
  return all;
}

// The scalars as the kernel takes them: numbers of its type, one behind the other; at least one.
template <class T>
std::vector<std::byte> packed(const std::vector<double>& scalars) {
  std::vector<std::byte> out(std::max<std::size_t>(scalars.size(), 1) * sizeof(T));
  for (std::size_t i = 0; i < scalars.size(); ++i) {
    const auto value = static_cast<T>(scalars[i]);
    std::memcpy(&out[i * sizeof(T)], &value, sizeof(T));
  }
  return out;
}

// The gradient where a link has laid it out in another order than the weights lie in.
at::Tensor in_order_of(const at::Tensor& weight, const at::Tensor& gradient) {
  if (gradient.strides() == weight.strides() || (gradient.is_contiguous() && weight.is_contiguous()))
    return gradient;
  return at::empty_like(weight).copy_(gradient);
}

}  // namespace

std::optional<std::size_t> links_before_gpu_step(const kernels::Chain& chain,
                                                 std::span<const TensorLeaf> leaves) {
  for (const TensorLeaf& leaf : leaves)
    if (const auto type = leaf.weight.scalar_type();
        !GpuKernel::serves(leaf.weight.device()) || (type != at::kFloat && type != at::kDouble))
      return {};
  return kernels::links_apart(chain);
}

bool GpuStep::fits(const at::Tensor& weight) const {
  return kernel_ && weight.scalar_type() == type_ && weight.device() == device_;
}

void GpuStep::find_kernel(const at::Tensor& weight) {
  kernel_ = known().find(key_of(chain_, first_, weight));
  type_ = weight.scalar_type(), device_ = weight.device();
}

void GpuStep::compile(const at::Tensor& weight, const Source& source) {
  const char* const type = type_ == at::kDouble ? "double" : "float";
  kernel_ = &known().add(key_of(chain_, first_, weight), GpuKernel(source.kernel(type), device_));
}

void GpuStep::operator()(const TensorLeaf& leaf, const at::Tensor& gradient, const Sums& sums) {
  if (!fits(leaf.weight)) find_kernel(leaf.weight);
  const std::size_t slots = chain_.rule.slot_count();
  Source source(slots, kernel_ ? Source::Wanted::scalars : Source::Wanted::everything);
  kernels::write_chain(chain_, first_, leaf.step, leaf.numbers, sums, source);
  if (!kernel_) compile(leaf.weight, source);

  const at::Tensor slope = in_order_of(leaf.weight, gradient);
  std::array<void*, kernels::most_slots + 2> pointers{leaf.weight.data_ptr(), slope.data_ptr()};
  for (std::size_t i = 0; i < slots; ++i) pointers[2 + i] = leaf.slots[i].data_ptr();
  auto count = static_cast<std::uint64_t>(leaf.weight.numel());
  std::vector<std::byte> scalars =
      type_ == at::kDouble ? packed<double>(source.scalars) : packed<float>(source.scalars);
  std::array<void*, kernels::most_slots + 4> arguments{&count};
  for (std::size_t i = 0; i < slots + 2; ++i) arguments[1 + i] = &pointers[i];
  arguments[slots + 3] = scalars.data();
  kernel_->launch((leaf.weight.numel() + 3) / 4, std::span(arguments).first(slots + 4));
}

}  // namespace basin::optim
