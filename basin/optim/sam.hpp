// Sharpness-aware minimization: takes the gradient where the loss is worst nearby, to prefer flat minima.
//
//   Sam sam(optimizer, {.rho = 0.05});
//   for (...) sam.step([&] { auto l = loss(model, batch);  l.backward();  return l; });       evaluated twice
//   for (...) {                                                                               or by hand
//     gradients();  if (sam.climb()) { gradients();  sam.come_back(); }
//     optimizer.step();
//   }
//
// Paper    sam: Foret, Kleiner, Mobahi & Neyshabur, Sharpness-Aware Minimization for Efficiently Improving
//          Generalization, ICLR 2021, Algorithm 1; adaptive: Kwon, Kim, Park & Choi, ASAM, ICML 2021, eq. 12
//          with eta in |x| + eta; surrogate gap: Zhuang et al., Surrogate Gap Minimization Improves
//          Sharpness-Aware Training, ICLR 2022, Algorithm 1
// Step     sam         e = rho g / |g|                      adaptive   e = rho s^2 g / |s g|,  s = |x| + eta
//          h = the gradient at x + e; the optimizer steps from x with h
//          gap         uses  h - alpha (g - (g.h / h.h) h)  instead of h
//          Norms and products are taken over all parameters together.
// Memory   1 value per weight for e during a step, 1 more for g with a gap; two gradients per step
#pragma once
#include <torch/optim/optimizer.h>
#include <torch/types.h>

#include <vector>

namespace basin::optim {

struct SamOptions {
  double rho = 0.05;      // the distance, 0 or more
  bool adaptive = false;  // ASAM, for which rho should be about ten times larger
  double eta = 0.01;      // for ASAM, 0 or more
  double gap = 0;         // alpha of GSAM, 0 or more; 0 is SAM
};

class Sam {
 public:
  // `optimizer` must outlive this object. Throws InputError for an option outside its range.
  explicit Sam(torch::optim::Optimizer& optimizer, SamOptions options = {});

  // Calls the closure twice, with cleared gradients. Batch-norm layers see both evaluations. If the gradient
  // is zero everywhere, this is an ordinary step. If the closure throws, the weights are those before the
  // step.
  //
  // Requires  the closure computes the loss and calls backward()
  // Returns   the loss at x
  // Throws    InputError without a closure, and as climb() does
  torch::Tensor step(const torch::optim::Optimizer::LossClosure& closure);

  // Moves the weights from x to x + e, using the current gradients, and removes these.
  //
  // Returns  false if the gradient is zero or not finite; nothing has changed then
  // Throws   InputError between `climb` and `come_back`, and for a gradient that is sparse or does not have
  //          the shape of its parameter; nothing has changed then
  bool climb();
  // Restores the weights to x, to the bit, and leaves the gradient to step with. Does nothing unless `climb`
  // came before.
  void come_back();
  // Restores the weights if `climb` moved them and `come_back` was not called.
  ~Sam();
  Sam(const Sam&) = delete;
  Sam& operator=(const Sam&) = delete;

 private:
  using Tensors = std::vector<torch::Tensor>;
  Tensors parameters_with_gradient() const;
  // The displacement of each parameter; empty if the gradient is zero.
  Tensors perturbation(const Tensors& parameters) const;
  void close_the_gap() const;
  // Ignores the gradients.
  void put_back();

  torch::optim::Optimizer& optimizer_;
  SamOptions options_;
  Tensors parameters_, before_, first_;  // between the two; `first_`, the gradients at x, only with a gap
};

}  // namespace basin::optim
