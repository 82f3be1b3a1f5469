#include "basin/optim/state.hpp"

#include <torch/types.h>

#include <sstream>

namespace basin::optim {
namespace {

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

bool is_packed(const torch::Tensor& parameter) {
  return parameter.scalar_type() == torch::kBFloat16 || parameter.scalar_type() == torch::kHalf;
}

torch::ScalarType slot_type(const torch::Tensor& parameter) {
  return is_packed(parameter) ? torch::kFloat32 : parameter.scalar_type();
}

std::vector<std::int64_t> slot_sizes(const torch::Tensor& parameter, Extent extent) {
  std::vector<std::int64_t> sizes = parameter.sizes().vec();
  const bool matrix = sizes.size() >= 2;
  if (extent == Extent::row) std::fill(sizes.begin() + (matrix ? 1 : 0), sizes.end(), 1);
  if (extent == Extent::column && matrix) sizes[0] = 1;
  return sizes;
}

bool fits(const torch::Tensor& slot, const torch::Tensor& parameter, Extent extent) {
  return slot.scalar_type() == slot_type(parameter) &&
         (extent == Extent::weight ? slot.sizes() == parameter.sizes()
                                   : slot.sizes() == at::IntArrayRef(slot_sizes(parameter, extent)));
}

torch::Tensor slot_like(const torch::Tensor& parameter, Extent extent) {
  const auto options = parameter.options().dtype(slot_type(parameter)).requires_grad(false);
  if (extent == Extent::weight) return torch::empty_like(parameter, options);
  if (extent == Extent::column && parameter.dim() >= 2 && parameter.numel() > 0)
    return torch::empty_like(parameter.narrow(0, 0, 1), options);
  return torch::empty(slot_sizes(parameter, extent), options);
}

}  // namespace basin::optim
