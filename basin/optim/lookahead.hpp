// Lookahead: slow weights that follow the fast ones every few steps, and from which the fast ones then
// restart.
//
//   Lookahead lookahead(optimizer, {.every = 6, .share = 0.5});
//   for (...) { ...; lookahead.step(); }                       instead of optimizer.step()
//
// Paper    Zhang, Lucas, Hinton & Ba, Lookahead Optimizer: k Steps Forward, 1 Step Back, NeurIPS 2019,
//          Algorithm 1
// Step     the optimizer's step; after every k-th   slow = slow + alpha (x - slow)      x = slow
// Memory   1 value per weight
// Departs  the state of the inner optimizer is kept, the first of the paper's three choices
#pragma once
#include "basin/optim/shadow.hpp"

namespace basin::optim {

struct LookaheadOptions {
  std::int64_t every = 6;  // k
  double share = 0.5;      // alpha, in [0, 1]
};

class Lookahead {
 public:
  // Starts from the current weights. `optimizer` must outlive this object. Throws InputError for an option
  // outside its range.
  explicit Lookahead(torch::optim::Optimizer& optimizer, LookaheadOptions options = {});

  // Steps like the optimizer's step(). First adopts parameters that were added to the optimizer since, as
  // they are. Throws InputError if a parameter no longer has the shape of its slow weights; nothing changes
  // then.
  torch::Tensor step(torch::optim::Optimizer::LossClosure closure = nullptr);

  const LookaheadOptions& options() const { return options_; }

  void save(torch::serialize::OutputArchive& archive) const;
  // Restores the options, too, if the archive holds them. Throws InputError if the archive belongs to other
  // parameters or its options are outside their range; nothing changes then.
  void load(torch::serialize::InputArchive& archive);

 private:
  torch::optim::Optimizer& optimizer_;
  LookaheadOptions options_;
  Shadow slow_;
  std::int64_t steps_ = 0;
};

}  // namespace basin::optim
