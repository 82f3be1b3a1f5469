// Where the state of every parameter lay in the last step. With 10,000 tensors a step waits for their
// headers, one behind the other, unless it asks for them early.
#pragma once
#include <vector>

#include "basin/optim/state.hpp"

namespace basin::optim {

class StateIndex {
 public:
  // Asks the processor for the headers of the state of parameter `index`; costs little if there are none.
  void fetch(std::size_t index) const;
  // The key of a parameter in `state()`, made once.
  const StateKey& key(std::size_t index, const torch::Tensor& parameter);
  // Notes where a state and its tensors lie.
  void note(std::size_t index, const torch::optim::OptimizerParamState& state, const StateView& seen);

 private:
  struct Entry {
    const void* parameter = nullptr;
    StateKey key;
    std::array<const void*, 2 + 3 * kernels::most_slots> headers{};  // never read
  };
  std::vector<Entry> entries_;
};

}  // namespace basin::optim
