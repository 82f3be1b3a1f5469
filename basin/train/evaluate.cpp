#include <torch/utils.h>

#include <algorithm>
#include <numeric>

#include "basin/train/fit.hpp"
#include "basin/train/loss.hpp"

namespace basin::train {
namespace {

// Measured on fmnist-cnn, a core with 2 MiB of second-level cache: 125 images at a time evaluate 31,000 a second, 64 and
// 250 28,000, 500 22,000.
constexpr std::int64_t evaluation_batch = 125;

}  // namespace

Score evaluate(nn::Network& network, Examples& examples, Part part, Loss loss) {
  const c10::InferenceMode inference;
  network.eval();
  const auto count = static_cast<std::uint32_t>(examples.count(part));
  std::vector<std::uint32_t> positions;
  Tally tally;
  for (std::uint32_t begin = 0; begin < count; begin += static_cast<std::uint32_t>(positions.size())) {
    positions.resize(std::min<std::uint32_t>(evaluation_batch, count - begin));
    std::iota(positions.begin(), positions.end(), begin);
    const Batch batch = examples.gather(part, positions);
    const torch::Tensor outputs = network.forward(batch.inputs);
    tally.add(mean_loss(loss, outputs, batch.targets).item<double>(), count_correct(outputs, batch.targets),
              static_cast<std::int64_t>(positions.size()));
  }
  return tally.score();
}

}  // namespace basin::train
