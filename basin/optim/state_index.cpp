#include "basin/optim/state_index.hpp"

#include <cstddef>

namespace basin::optim {

void StateIndex::fetch(std::size_t index) const {
  if (index >= entries_.size()) return;
  for (const void* header : entries_[index].headers) {
    if (!header) return;
    __builtin_prefetch(header);
  }
}

const StateKey& StateIndex::key(std::size_t index, const torch::Tensor& parameter) {
  if (entries_.size() <= index) entries_.resize(index + 1);
  Entry& entry = entries_[index];
  if (entry.parameter != parameter.unsafeGetTensorImpl())
    entry = {parameter.unsafeGetTensorImpl(), key_of(parameter)};
  return entry.key;
}

void StateIndex::note(std::size_t index, const torch::optim::OptimizerParamState& state,
                      const StateView& seen) {
  auto& headers = entries_[index].headers;
  if (headers.front() == &state) return;
  headers.fill(nullptr);
  auto next = headers.begin();
  *next++ = &state;
  *next++ = seen.slots[0];
  for (const torch::Tensor* slot : seen.slots) {
    if (!slot || !slot->defined()) continue;
    const torch::TensorImpl* const tensor = slot->unsafeGetTensorImpl();
    *next++ = tensor;
    *next++ = reinterpret_cast<const std::byte*>(tensor) +
              128;  // sizes and offset; the storage stands at the front
    *next++ = slot->storage().unsafeGetStorageImpl();
  }
}

}  // namespace basin::optim
