#include "basin/train/batch_gradient.hpp"

#include <algorithm>
#include <cmath>

#include "basin/core/philox.hpp"
#include "basin/train/sparse_gradients.hpp"
#include "basin/train/stopwatch.hpp"

namespace basin::train {
namespace {

// Everything that a step draws from libtorch's generator (dropout masks, a network's own noise, the labels
// for curvature estimates) is a function of the step, so that checkpoints need not store the generator.
void seed_generator(const FitOptions& options, std::int64_t step) {
  basin::Stream stream(options.seed, options.replicate, "dropout", static_cast<std::uint64_t>(step));
  torch::manual_seed(stream.next64());
}

}  // namespace

struct BatchGradient::Piece {
  std::span<const std::uint32_t> positions;
  std::uint64_t epoch;
  std::int64_t step;
  double share;  // of the batch
  double penalty;
};

double BatchGradient::operator()(std::span<const std::uint32_t> positions, std::uint64_t epoch,
                                 std::int64_t step, Phases& phases, Tally* tally) {
  Stopwatch watch;
  seed_generator(options_, step);
  const double penalty = objective_.penalty();
  watch.lap(phases.optimizer);
  const std::size_t piece =
      options_.micro_batch > 0 ? static_cast<std::size_t>(options_.micro_batch) : positions.size();
  double loss = 0;
  for (std::size_t begin = 0; begin < positions.size(); begin += piece) {
    const std::span part = positions.subspan(begin, std::min(piece, positions.size() - begin));
    const double share = static_cast<double>(part.size()) / static_cast<double>(positions.size());
    loss += share * run({part, epoch, step, share, penalty}, phases, tally);
    if (!std::isfinite(loss)) return loss;
  }
  watch = Stopwatch();
  if (dense_) make_gradients_dense(parameters_);
  objective_.add_gradients();
  watch.lap(phases.optimizer);
  return loss;
}

// Adds this piece's share of the gradient of the mean loss; returns that loss.
double BatchGradient::run(const Piece& piece, Phases& phases, Tally* tally) const {
  Stopwatch watch;
  const Mixed batch = mixed(examples_.gather_training(piece.epoch, piece.positions), piece.step);
  watch.lap(phases.data);
  const torch::Tensor outputs = network_.forward(batch.inputs);
  const torch::Tensor loss = objective_.training_loss(outputs, batch);
  const double value = loss.item<double>() + piece.penalty;
  if (tally) tally->add(value, outputs, batch.targets);
  watch.lap(phases.forward);
  if (!std::isfinite(value)) return value;
  if (piece.share == 1)
    loss.backward();
  else
    (loss * piece.share).backward();
  watch.lap(phases.backward);
  return value;
}

// Mixes with the reverse order, which in a shuffled batch is as random as any.
Mixed BatchGradient::mixed(const Batch& batch, std::int64_t step) const {
  const double share = data::mixup_share(options_.augmentation, options_.seed, options_.replicate,
                                         static_cast<std::uint64_t>(step));
  if (share == 1) return {batch.inputs, batch.targets, {}, 1};
  return {batch.inputs * share + batch.inputs.flip(0) * (1 - share), batch.targets, batch.targets.flip(0),
          share};
}

}  // namespace basin::train
