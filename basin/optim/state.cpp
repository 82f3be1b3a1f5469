#include "basin/optim/state.hpp"

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

}  // namespace basin::optim
