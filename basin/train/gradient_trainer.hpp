// Moves the weights of a network by the gradients of batches: an optimizer's step and everything around it.
//
// Step     the gradient of the batch; with SAM the gradient where the loss nearby is worst; the optimizer,
//          the bounds of the weights, their mean, the schedules; every tenth step the curvature, for a rule
//          that reads it
// State    weights, optimizer, schedules and mean, which a checkpoint keeps and gives back to the bit
#pragma once
#include <span>

#include "basin/optim/average.hpp"
#include "basin/optim/sam.hpp"
#include "basin/optim/scheduler.hpp"
#include "basin/train/batch_gradient.hpp"
#include "basin/train/checkpoint.hpp"
#include "basin/train/objective.hpp"

namespace basin::train {

class GradientTrainer {
 public:
  // Uses its arguments as long as it lives. Throws InputError for options that the optimizer or the loss
  // cannot have.
  GradientTrainer(nn::Network& network, optim::Optimizer& optimizer, Examples& examples,
                  const FitOptions& options);

  // Takes one step with the examples at these positions of the training split, and returns their loss before
  // it. Adds the step, its images and its times to `fit` and the examples to `tally`. Moves nothing when the
  // loss is not finite.
  double step(std::span<const std::uint32_t> positions, std::uint64_t epoch, Fit& fit, Tally& tally);

  // What the regularization adds to the loss of the present weights.
  double penalty() const { return objective_.penalty(); }
  double rate() { return optimizer_.rule().lr(); }
  // Lowers the rate that the schedules multiply, or leaves it.
  void lower_rate(Plateau& plateau, double validation_loss);

  void show_weights_to_train();
  // Where two points are kept, the one to evaluate: the mean of the weights, or the optimizer's own.
  void show_weights_to_evaluate();
  // The weights as trained so far, wherever a step was when it threw, and no gradients.
  void put_back();
  // The next backward pass need not add.
  void drop_gradients();

  // Fills the parts of a checkpoint that are its own; tensors are views.
  void save(Checkpoint& checkpoint) const;
  // Throws InputError for a state that does not fit; the network and the optimizer may then be half changed.
  void resume(const Checkpoint& checkpoint);

 private:
  optim::AverageOptions average_options() const;
  double look_around(std::span<const std::uint32_t> positions, std::uint64_t epoch, Fit& fit);
  void move_weights();
  void add_curvature(std::span<const std::uint32_t> positions, std::uint64_t epoch, Fit& fit);

  nn::Network& network_;
  optim::Optimizer& optimizer_;
  Examples& examples_;
  const FitOptions& options_;
  std::vector<torch::Tensor> parameters_;
  Objective objective_;
  BatchGradient add_gradient_;
  optim::Scheduler scheduler_;
  std::optional<optim::WeightAverage> average_;
  std::optional<optim::Sam> sam_;
  bool climbed_ = false;  // and not yet come back
  const bool wants_curvature_;
};

}  // namespace basin::train
