// What training makes small: the loss of a batch and the penalties of the weights.
#pragma once
#include <torch/types.h>

#include <vector>

#include "basin/network/regularization.hpp"
#include "basin/train/examples.hpp"
#include "basin/train/loss.hpp"

namespace basin::train {

// Examples that were mixed with others: a share of the loss is of the targets of each.
struct Mixed {
  torch::Tensor inputs, targets, others;  // `others` undefined: nothing was mixed
  double share = 1;                       // of `targets`
};

class Objective {
 public:
  // Throws InputError for label smoothing of a loss that is not cross-entropy.
  Objective(Loss loss, const nn::Regularization& regularization, std::vector<torch::Tensor> parameters);

  // The mean over the batch, differentiable, with smoothed labels and mixed targets.
  torch::Tensor training_loss(const torch::Tensor& outputs, const Mixed& batch) const;

  // What l1 and l2 add to the loss now.
  double penalty() const;
  // Their gradients; after the backward pass. Throws InputError where one is sparse.
  void add_gradients() const;
  // Scales the weights down that are longer than max_norm; after the step.
  void bound_weights() const;

 private:
  torch::Tensor loss_of(const torch::Tensor& outputs, const torch::Tensor& targets) const;

  Loss loss_;
  nn::Regularization regularization_;
  std::vector<torch::Tensor> weights_;  // of linear and convolutional layers
};

}  // namespace basin::train
