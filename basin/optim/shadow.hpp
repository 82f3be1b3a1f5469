// A second set of weights that follows the first, shared by WeightAverage and Lookahead.
#pragma once
#include <torch/types.h>

#include <unordered_map>
#include <vector>

#include "basin/optim/optimizer.hpp"

namespace basin::optim {

class Shadow {
 public:
  // Starts as a copy. Throws InputError for parameters that share memory.
  explicit Shadow(std::vector<torch::Tensor> parameters);

  const std::vector<torch::Tensor>& weights() const { return shadow_; }
  // Adopts the optimizer's parameters that are not covered yet; each starts as a copy.
  void take_in(const torch::optim::Optimizer& optimizer);
  // Returns whether every parameter of the optimizer is covered.
  bool holds_all_of(const torch::optim::Optimizer& optimizer) const;

  // The following functions throw InputError if a parameter no longer has the sizes, type and device of its
  // shadow; nothing changes then.

  void check() const;
  // Does shadow = shadow + share (x - shadow), in one pass over memory with the driver's loops.
  void follow(double share);
  // Steps the optimizer, then does follow(share). Both share one pass over memory for parameters that are
  // contiguous, in float32 or float64, with a dense gradient; the others need a second pass.
  torch::Tensor step(Optimizer& optimizer, Optimizer::LossClosure closure, double share);
  // x = shadow
  void copy_back();
  void swap();
  // Does shadow = weights. Throws InputError for weights of other parameters; nothing changes then.
  void assign(const std::vector<torch::Tensor>& weights);

  void save(torch::serialize::OutputArchive& archive) const;
  // Throws InputError if the archive belongs to other parameters; nothing changes then.
  void load(torch::serialize::InputArchive& archive);

  // What follows a parameter, or null.
  const torch::Tensor* of(const torch::Tensor& parameter) const;

 private:
  friend class Optimizer;
  // That it has followed, by where it lies.
  void note(const void* shadow) { followed_.push_back(shadow); }
  void follow_others();

  std::vector<torch::Tensor> parameters_, shadow_;
  std::unordered_map<const void*, std::size_t> index_;  // of a parameter
  Optimizer follower_;
  double share_ = 0;                   // in the current step
  std::vector<const void*> followed_;  // in the current step
};

}  // namespace basin::optim
