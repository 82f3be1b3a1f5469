#include "basin/optim/state.hpp"

#include <torch/types.h>

#include <sstream>

namespace basin::optim {
namespace {

using kernels::SlotFormat;

// As libtorch makes them.
template <class Key>
Key key_as(const torch::TensorImpl* parameter) {
  if constexpr (std::is_same_v<Key, std::string>) {
    std::ostringstream text;
    text << static_cast<const void*>(parameter);
    return text.str();
  } else {
    return const_cast<torch::TensorImpl*>(parameter);
  }
}

}  // namespace

StateKey key_of(const torch::Tensor& parameter) { return key_as<StateKey>(parameter.unsafeGetTensorImpl()); }

std::int64_t elements_reached(const torch::Tensor& tensor) {
  std::int64_t last = tensor.storage_offset();  // the place of the last element
  if (tensor.is_non_overlapping_and_dense()) return last + tensor.numel();
  for (std::int64_t d = 0; d < tensor.dim(); ++d) last += (tensor.size(d) - 1) * tensor.stride(d);
  return last + 1;
}

SlotKind slot_kind(const kernels::AnyRule& rule, std::size_t slot) {
  return {rule.info().extents[slot], rule.slot_format(slot)};
}

kernels::SlotFormat format_of(const torch::Tensor& slot) {
  const auto type = slot.scalar_type();
  return type == torch::kBFloat16 ? SlotFormat::bfloat16
         : type == torch::kUInt8  ? SlotFormat::eight_bit
                                  : SlotFormat::native;
}

torch::ScalarType slot_type(const torch::Tensor& parameter, SlotKind kind) {
  if (kind.format == SlotFormat::bfloat16) return torch::kBFloat16;
  if (kind.format == SlotFormat::eight_bit) return torch::kUInt8;
  return is_packed(parameter) ? torch::kFloat32 : parameter.scalar_type();
}

std::vector<std::int64_t> slot_sizes(const torch::Tensor& parameter, SlotKind kind) {
  constexpr std::int64_t each = kernels::slot_block_size;
  if (kind.format == SlotFormat::eight_bit)
    return {(parameter.numel() + each - 1) / each, sizeof(kernels::SlotBlock)};
  std::vector<std::int64_t> sizes = parameter.sizes().vec();
  const bool matrix = sizes.size() >= 2;
  if (kind.extent == Extent::row) std::fill(sizes.begin() + (matrix ? 1 : 0), sizes.end(), 1);
  if (kind.extent == Extent::column && matrix) sizes[0] = 1;
  return sizes;
}

bool fits(const torch::Tensor& slot, const torch::Tensor& parameter, SlotKind kind) {
  return slot.scalar_type() == slot_type(parameter, kind) && slot.layout() == torch::kStrided &&
         in_memory(slot) &&
         (kind.is_like_parameter() ? same_sizes(slot, parameter)
                                   : slot.sizes() == at::IntArrayRef(slot_sizes(parameter, kind)));
}

std::string misfit(const torch::Tensor& slot, const torch::Tensor& parameter, SlotKind kind) {
  std::ostringstream text;
  text << "of shape " << slot.sizes() << " and type " << slot.scalar_type() << "; wanted "
       << at::IntArrayRef(slot_sizes(parameter, kind)) << " and " << slot_type(parameter, kind);
  return text.str();
}

torch::Tensor slot_like(const torch::Tensor& parameter, SlotKind kind) {
  const auto options = parameter.options().dtype(slot_type(parameter, kind)).requires_grad(false);
  if (kind.format == SlotFormat::eight_bit) return torch::empty(slot_sizes(parameter, kind), options);
  if (kind.extent == Extent::weight) return torch::empty_like(parameter, options);
  if (kind.extent == Extent::column && parameter.dim() >= 2 && parameter.numel() > 0)
    return torch::empty_like(parameter.narrow(0, 0, 1), options);
  return torch::empty(slot_sizes(parameter, kind), options);
}

torch::Tensor filled_slot(const torch::Tensor& parameter, SlotKind kind, double value) {
  return kind.format == SlotFormat::eight_bit ? narrowed(slot_like(parameter).fill_(value), parameter, kind)
                                              : slot_like(parameter, kind).fill_(value);
}

torch::Tensor widened(const torch::Tensor& slot, const torch::Tensor& parameter, SlotKind kind) {
  if (kind.format == SlotFormat::native) return slot;
  torch::Tensor out = slot_like(parameter);
  if (kind.format != SlotFormat::eight_bit) return out.copy_(slot);
  kernels::unpack({kind.format, slot.data_ptr(), 0}, kernels::best_isa(), 0,
                  static_cast<std::size_t>(out.numel()), out.data_ptr<float>());
  return out;
}

torch::Tensor narrowed(const torch::Tensor& values, const torch::Tensor& parameter, SlotKind kind) {
  torch::Tensor out = slot_like(parameter, kind);
  if (kind.format != SlotFormat::eight_bit) return out.copy_(values);
  const torch::Tensor in = slot_like(parameter).copy_(values);
  kernels::pack({kind.format, out.data_ptr(), 0}, kernels::best_isa(), {0, 0, 0}, 0,
                static_cast<std::size_t>(in.numel()), in.data_ptr<float>());
  return out;
}

}  // namespace basin::optim
