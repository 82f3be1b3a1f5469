#include "basin/train/evaluate.hpp"

#include <torch/utils.h>

#include <algorithm>
#include <numeric>

#include "basin/core/error.hpp"
#include "basin/nn/losses/losses.hpp"
#include "basin/optim/modes.hpp"

namespace basin::train {

// Not in InferenceMode, even if the caller is: examples and networks keep tensors that they create here, and
// training could not save these for its backward pass.
Score evaluate(nn::Network& network, Examples& examples, Part part, const losses::Loss& loss,
               const Names& metrics, std::int64_t at_once) {
  if (at_once < 1)
    throw InputError("evaluation of " + std::to_string(at_once) + " examples at once; it must be 1 or more");
  const c10::InferenceMode ordinary_tensors(false);
  const torch::NoGradGuard no_gradients;
  const optim::KeepModes modes(network);
  network.eval();
  const auto count = static_cast<std::uint32_t>(check_count(examples, part));
  std::vector<std::uint32_t> positions;
  Tally tally(metrics, examples.target_scale());
  for (std::uint32_t begin = 0; begin < count; begin += static_cast<std::uint32_t>(positions.size())) {
    positions.resize(static_cast<std::size_t>(std::min<std::int64_t>(at_once, count - begin)));
    std::iota(positions.begin(), positions.end(), begin);
    const Batch batch = examples.gather(part, positions);
    const torch::Tensor outputs = network.forward(batch.inputs);
    tally.add(nn::mean_loss(loss, outputs, batch.targets).item<double>(), outputs, batch.targets);
  }
  return tally.score();
}

}  // namespace basin::train
