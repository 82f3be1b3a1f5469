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

bool fits(const torch::Tensor& slot, const torch::Tensor& parameter) {
  return slot.sizes() == parameter.sizes() && slot.scalar_type() == slot_type(parameter);
}

}  // namespace basin::optim
