// What training minimizes: the loss of a batch and the penalties on the weights.
#pragma once
#include <torch/types.h>

#include <vector>

#include "basin/network/regularization.hpp"
#include "basin/nn/losses/losses.hpp"
#include "basin/train/examples.hpp"

namespace basin::train {

// Examples that were mixed with others: the loss is shared between the targets of both.
struct Mixed {
  torch::Tensor inputs, targets, others;  // `others` is undefined without mixing
  double share = 1;                       // share of `targets`
};

class Objective {
 public:
  // Throws InputError for label smoothing with a loss that is not cross-entropy.
  Objective(const losses::Loss& loss, const nn::Regularization& regularization,
            std::vector<torch::Tensor> parameters);

  // Returns the mean over the batch, differentiable, with smoothed labels and mixed targets.
  torch::Tensor training_loss(const torch::Tensor& outputs, const Mixed& batch) const;

  // Returns what l1 and l2 currently add to the loss.
  double penalty() const;
  // Adds their gradients; call after the backward pass. Throws InputError if a gradient is sparse.
  void add_gradients() const;
  // Scales down the weights that are longer than max_norm; call after the step.
  void bound_weights() const;

 private:
  torch::Tensor loss_of(const torch::Tensor& outputs, const torch::Tensor& targets) const;

  losses::Loss loss_;
  nn::Regularization regularization_;
  std::vector<torch::Tensor> weights_;  // of linear and convolutional layers
};

}  // namespace basin::train
