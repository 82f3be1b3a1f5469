// A second set of weights that follows the first: what WeightAverage and Lookahead are made of.
#pragma once
#include <torch/types.h>

#include <vector>

#include "basin/optim/optimizer.hpp"

namespace basin::optim {

class Shadow {
 public:
  // Starts as a copy. Throws InputError for parameters that share memory.
  explicit Shadow(std::vector<torch::Tensor> parameters);

  const std::vector<torch::Tensor>& weights() const { return shadow_; }
  // shadow = shadow + share (x - shadow): one pass over memory, by the driver's loops.
  void follow(double share);
  // x = shadow
  void copy_back();
  void swap();
  // shadow = weights. Throws InputError, and changes nothing, for weights of other parameters.
  void assign(const std::vector<torch::Tensor>& weights);

  void save(torch::serialize::OutputArchive& archive) const;
  // Throws InputError, and changes nothing, when the archive is of other parameters.
  void load(torch::serialize::InputArchive& archive);

 private:
  std::vector<torch::Tensor> parameters_, shadow_;
  Optimizer follower_;
};

}  // namespace basin::optim
