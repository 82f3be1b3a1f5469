// Lookahead: slow weights that follow the fast ones every few steps, and to which the fast ones return.
//
//   Lookahead lookahead(optimizer, {.every = 6, .share = 0.5});
//   for (...) { ...; lookahead.step(); }                       instead of optimizer.step()
//
// Paper    Zhang, Lucas, Hinton & Ba, Lookahead Optimizer: k Steps Forward, 1 Step Back, NeurIPS 2019, Algorithm 1
// Step     the optimizer's; after every k-th   slow = slow + alpha (x - slow)      x = slow
// Memory   1 value per weight
// Departs  the optimizer's own state stays as it is, the first of the paper's three choices
#pragma once
#include "basin/optim/shadow.hpp"

namespace basin::optim {

struct LookaheadOptions {
  std::int64_t every = 6;  // k
  double share = 0.5;      // alpha, in [0, 1]
};

class Lookahead {
 public:
  // Starts from the weights as they are. `optimizer` is used as long as this object lives.
  // Throws InputError for an option outside its range.
  explicit Lookahead(torch::optim::Optimizer& optimizer, LookaheadOptions options = {});

  // As the optimizer's step(). Parameters that were added to the optimizer since are taken in first, as they are. Throws
  // InputError when one no longer has the shape that its slow weights have; then nothing changes.
  torch::Tensor step(torch::optim::Optimizer::LossClosure closure = nullptr);

  const LookaheadOptions& options() const { return options_; }

  void save(torch::serialize::OutputArchive& archive) const;
  // Restores the options too, where the archive holds them. Throws InputError, and changes nothing, when the archive is of
  // other parameters or its options are outside their range.
  void load(torch::serialize::InputArchive& archive);

 private:
  torch::optim::Optimizer& optimizer_;
  LookaheadOptions options_;
  Shadow slow_;
  std::int64_t steps_ = 0;
};

}  // namespace basin::optim
