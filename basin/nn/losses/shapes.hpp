// Outputs and targets in the shapes that losses compute on.
#pragma once
#include <torch/types.h>

#include <string>

#include "basin/core/error.hpp"
#include "basin/losses/loss.hpp"

namespace basin::nn {

struct Rows {
  torch::Tensor outputs, classes;  // rows x width, float; rows, int64
};

// Throws InputError if the outputs are not the same number for each class.
inline Rows rows_of(const losses::Loss& loss, const torch::Tensor& outputs, const torch::Tensor& classes) {
  if (outputs.dim() == 2 && classes.dim() == 1 && outputs.size(0) == classes.size(0))
    return {outputs, classes};
  const std::int64_t rows = classes.numel();
  if (rows == 0 || outputs.numel() % rows != 0)
    throw InputError("loss " + loss.name + ": " + std::to_string(outputs.numel()) + " outputs do not fit " +
                     std::to_string(rows) + " classes; wanted the same number of outputs for each class");
  return {outputs.reshape({rows, outputs.numel() / rows}), classes.reshape({rows})};
}

// Returns values in the shape of the outputs. Throws InputError if their number differs.
inline torch::Tensor values_of(const losses::Loss& loss, const torch::Tensor& outputs,
                               const torch::Tensor& targets) {
  if (targets.numel() != outputs.numel())
    throw InputError("loss " + loss.name + ": " + std::to_string(targets.numel()) + " values do not fit " +
                     std::to_string(outputs.numel()) + " outputs; wanted a value for each output");
  return targets.view_as(outputs);
}

// Returns the weights of the classes as a tensor like `outputs`; an undefined one if there are none.
inline torch::Tensor weights_of(const losses::Loss& loss, const torch::Tensor& outputs,
                                std::int64_t classes) {
  if (loss.balanced)
    throw InputError("loss " + loss.text() + ": the weights of its classes are not computed yet");
  if (loss.weights.empty()) return {};
  if (static_cast<std::int64_t>(loss.weights.size()) != classes)
    throw InputError("loss " + loss.text() + ": " + std::to_string(loss.weights.size()) +
                     " weights do not fit " + std::to_string(classes) + " classes");
  return torch::tensor(loss.weights, outputs.options().requires_grad(false));
}

// Returns how many outputs an example has: its loss is their mean, and the likelihood their sum.
inline double outputs_of_an_example(const torch::Tensor& outputs) {
  return static_cast<double>(outputs.numel()) / static_cast<double>(outputs.size(0));
}

}  // namespace basin::nn
