// Hinge with libtorch; losses/hinge.hpp defines it.
#pragma once
#include <torch/nn/functional/loss.h>

#include "basin/nn/losses/binary_cross_entropy.hpp"
#include "basin/nn/losses/cross_entropy.hpp"

namespace basin::nn {

struct Hinge {
  using Description = losses::Hinge;

  static torch::Tensor mean(const losses::Loss& loss, const torch::Tensor& outputs,
                            const torch::Tensor& targets) {
    const Rows rows = rows_of(loss, outputs, targets);
    if (rows.outputs.size(1) > 1) return torch::multi_margin_loss(rows.outputs, rows.classes);
    const torch::Tensor sign = (2 * rows.classes - 1).to(outputs.scalar_type());
    return torch::relu(1 - sign * rows.outputs.squeeze(1)).mean();
  }
  // Hinge is the likelihood of nothing; its outputs are read as logits.
  static torch::Tensor drawn(const losses::Loss& loss, const torch::Tensor& outputs) {
    const bool one = outputs.dim() == 1 || outputs.size(-1) == 1;
    return one ? BinaryCrossEntropy::drawn(loss, outputs) : CrossEntropy::drawn(loss, outputs);
  }
};

}  // namespace basin::nn
