// Sharpness-aware minimization: the gradient is taken where the loss is worst nearby, so that flat minima win.
//
//   Sam sam(optimizer, {.rho = 0.05});
//   for (...) sam.step([&] { auto l = loss(model, batch);  l.backward();  return l; });       evaluated twice
//   for (...) {                                                                               or in a loop of one's own
//     gradients();  if (sam.climb()) { gradients();  sam.come_back(); }
//     optimizer.step();
//   }
//
// Paper    sam: Foret, Kleiner, Mobahi & Neyshabur, Sharpness-Aware Minimization for Efficiently Improving Generalization,
//          ICLR 2021, Algorithm 1; adaptive: Kwon, Kim, Park & Choi, ASAM, ICML 2021, eq. 12 with eta in |x| + eta;
//          surrogate gap: Zhuang et al., Surrogate Gap Minimization Improves Sharpness-Aware Training, ICLR 2022, Algorithm 1
// Step     sam         e = rho g / |g|                                     adaptive   e = rho s^2 g / |s g|,  s = |x| + eta
//          h = the gradient at x + e; the optimizer steps from x with h
//          gap         with  h - alpha (g - (g.h / h.h) h)  in the place of h
//          Norms and products are over all parameters together.
// Memory   1 value per weight for e during a step, 1 more for g with a gap; two gradients for each step
#pragma once
#include <torch/optim/optimizer.h>
#include <torch/types.h>

#include <vector>

namespace basin::optim {

struct SamOptions {
  double rho = 0.05;      // how far away, 0 or more
  bool adaptive = false;  // ASAM; rho is then to be some ten times larger
  double eta = 0.01;      // of ASAM, 0 or more
  double gap = 0;         // alpha of GSAM, 0 or more; 0 is SAM
};

class Sam {
 public:
  // Uses `optimizer` as long as this object lives. Throws InputError for an option outside its range.
  explicit Sam(torch::optim::Optimizer& optimizer, SamOptions options = {});

  // Calls the closure twice, with cleared gradients; it computes the loss and calls backward(). Returns the loss at x.
  // Batch-norm layers see both evaluations. A gradient that is zero everywhere makes it an ordinary step. When the closure
  // throws, the weights are those before the step.
  // Throws InputError without a closure, and as climb() does.
  torch::Tensor step(const torch::optim::Optimizer::LossClosure& closure);

  // Moves the weights from x to x + e, by the gradients that are there, and takes those away. False, and nothing has happened,
  // where the gradient is zero or not finite. Throws InputError, and nothing has happened, between `climb` and `come_back`,
  // and for a gradient that is sparse or has not the shape of its parameter.
  bool climb();
  // Brings the weights back to x, to the bit, and leaves them the gradient to step with. After `climb`; otherwise nothing.
  void come_back();
  // Brings the weights back where `climb` has moved them and nobody has come back.
  ~Sam();
  Sam(const Sam&) = delete;
  Sam& operator=(const Sam&) = delete;

 private:
  using Tensors = std::vector<torch::Tensor>;
  Tensors parameters_with_gradient() const;
  // How far each parameter goes; empty when the gradient is zero.
  Tensors perturbation(const Tensors& parameters) const;
  void close_the_gap() const;
  // Without a look at the gradients.
  void put_back();

  torch::optim::Optimizer& optimizer_;
  SamOptions options_;
  Tensors parameters_, before_, first_;  // between the two; `first_`, the gradients at x, with a gap alone
};

}  // namespace basin::optim
