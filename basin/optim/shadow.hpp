// A second set of weights that follows the first: what WeightAverage and Lookahead are made of.
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
  // Takes in those of the optimizer's parameters that are not here yet; each starts as a copy.
  void take_in(const torch::optim::Optimizer& optimizer);
  // Whether every parameter of the optimizer is here.
  bool holds_all_of(const torch::optim::Optimizer& optimizer) const;

  // The functions that follow throw InputError, and change nothing, when a parameter no longer has the sizes, the type and
  // the device of its shadow.

  void check() const;
  // shadow = shadow + share (x - shadow): one pass over memory, by the driver's loops.
  void follow(double share);
  // A step of the optimizer, then follow(share): in one pass over memory for its parameters that lie here in one piece in
  // float32 or float64 and have a dense gradient, in another for the rest.
  torch::Tensor step(Optimizer& optimizer, Optimizer::LossClosure closure, double share);
  // x = shadow
  void copy_back();
  void swap();
  // shadow = weights. Throws InputError, and changes nothing, for weights of other parameters.
  void assign(const std::vector<torch::Tensor>& weights);

  void save(torch::serialize::OutputArchive& archive) const;
  // Throws InputError, and changes nothing, when the archive is of other parameters.
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
  double share_ = 0;                   // of the step that is being taken
  std::vector<const void*> followed_;  // in it
};

}  // namespace basin::optim
