// The loss and the gradient of one batch of a run.
#pragma once
#include <span>

#include "basin/nn/network.hpp"
#include "basin/train/examples.hpp"
#include "basin/train/fit_options.hpp"
#include "basin/train/fit_result.hpp"
#include "basin/train/objective.hpp"
#include "basin/train/tally.hpp"

namespace basin::train {

class BatchGradient {
 public:
  // The arguments must outlive this object. `dense`: make sparse gradients dense (sparse_gradients.hpp).
  BatchGradient(nn::Network& network, Examples& examples, const FitOptions& options,
                const Objective& objective, bool dense)
      : network_(network),
        examples_(examples),
        options_(options),
        objective_(objective),
        parameters_(network.parameters()),
        dense_(dense) {}

  // Computes the mean loss with its penalty for the examples at these positions of the training split, as
  // they look in this epoch, at step `step` of the run, and adds its gradient to that of the parameters. Runs
  // the batch in pieces if the options say so, each with its share of the mean. Computes no gradient if the
  // loss is not finite. Adds the times to `phases`, and the examples to `tally` unless it is null. The same
  // call gives the same bits.
  double operator()(std::span<const std::uint32_t> positions, std::uint64_t epoch, std::int64_t step,
                    Phases& phases, Tally* tally);

 private:
  struct Piece;
  double run(const Piece& piece, Phases& phases, Tally* tally) const;
  Mixed mixed(const Batch& batch, std::int64_t step) const;

  nn::Network& network_;
  Examples& examples_;
  const FitOptions& options_;
  const Objective& objective_;
  std::vector<torch::Tensor> parameters_;
  bool dense_;
};

}  // namespace basin::train
