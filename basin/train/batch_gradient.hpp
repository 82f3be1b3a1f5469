// The loss and the gradient of one batch of a run.
#pragma once
#include <span>

#include "basin/nn/network.hpp"
#include "basin/train/examples.hpp"
#include "basin/train/fit_options.hpp"
#include "basin/train/fit_result.hpp"
#include "basin/train/objective.hpp"

namespace basin::train {

class BatchGradient {
 public:
  // Uses them as long as it lives.
  BatchGradient(nn::Network& network, Examples& examples, const FitOptions& options,
                const Objective& objective)
      : network_(network), examples_(examples), options_(options), objective_(objective) {}

  // The examples at these positions of the training split, as they look in this epoch, at step `step` of the run: the mean loss
  // with its penalty, whose gradient is added to that of the parameters. The batch is run in pieces where that was asked for,
  // each with its share of the mean. Of a loss that is not finite there is no gradient.
  // The times go to `phases`, the examples to `tally` unless it is null. The same call gives the same bits.
  double operator()(std::span<const std::uint32_t> positions, std::uint64_t epoch, std::int64_t step,
                    Phases& phases, Tally* tally) const;

 private:
  struct Piece;
  double run(const Piece& piece, Phases& phases, Tally* tally) const;
  Mixed mixed(const Batch& batch, std::int64_t step) const;

  nn::Network& network_;
  Examples& examples_;
  const FitOptions& options_;
  const Objective& objective_;
};

}  // namespace basin::train
