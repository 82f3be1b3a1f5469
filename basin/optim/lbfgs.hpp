// L-BFGS: Newton's direction, with an inverse Hessian represented only by the last steps and gradient
// changes.
//
//   basin::optim::LBFGS optimizer(model->parameters(),
//                                 torch::optim::LBFGSOptions(1).line_search_fn("strong_wolfe"));
//   optimizer.step([&] { optimizer.zero_grad();  auto l = loss(model, data);  l.backward();  return l; });
//
// Paper    Nocedal, Updating Quasi-Newton Matrices with Limited Storage, Mathematics of Computation 35, 1980;
//          Liu & Nocedal, On the Limited Memory BFGS Method for Large Scale Optimization, 1989
// Step     q = -g      newest to oldest  a_i = q.s_i / y_i.s_i,  q = q - a_i y_i
//          q = q (s.y / y.y)             oldest to newest  q = q + s_i (a_i - q.y_i / y_i.s_i)
//          t by line search (strong_wolfe.hpp) or, without one, t = lr; x = x + t q
// Memory   2 history_size + 4 values per weight
// Departs  as in PyTorch: one step() runs up to max_iter iterations; a pair with y.s <= 1e-10 is dropped; the
//          first step has at most length lr in the 1-norm. Options and state are libtorch's own types, and
//          files can be exchanged. From PyTorch: if a gradient is not finite, the step ends, where PyTorch's
//          weights become NaN, and skipped() counts it. A line search treats such a point as one with too
//          high a loss
#pragma once
#include <torch/optim/lbfgs.h>

#include <vector>

#include "basin/optim/optimizer.hpp"
#include "basin/optim/strong_wolfe.hpp"

namespace basin::optim {

using torch::optim::LBFGSOptions, torch::optim::LBFGSParamState;

// It has no rule for one weight: chain(), rule() and store_slots() throw InputError.
class LBFGS : public Optimizer {
 public:
  using Options = torch::optim::LBFGSOptions;

  // Throws InputError for more than one group, an option outside its range, and parameters that share memory.
  explicit LBFGS(std::vector<torch::optim::OptimizerParamGroup> groups, Options defaults = {});
  explicit LBFGS(std::vector<torch::Tensor> parameters, Options defaults = {});

  // Runs up to max_iter iterations with about max_eval evaluations of the closure.
  //
  // Requires  the closure clears the gradients, computes the loss of all the data, calls backward() and
  //           returns the loss, with the same data every time: noise breaks the method
  // Returns   the loss before the step. If the gradient is not finite, the weights stay, and skipped() counts
  //           one more
  // Throws    InputError without a closure, and for a gradient or a state whose shape is not that of the
  //           parameters
  torch::Tensor step(LossClosure closure) override;

  // Writes libtorch's layout.
  void save(torch::serialize::OutputArchive& archive) const override;
  // Throws InputError if the archive belongs to another class or other parameters; nothing changes then.
  void load(torch::serialize::InputArchive& archive) override;

  bool wants_curvature() override { return false; }
  std::int64_t state_bytes() override;

 protected:
  const kernels::Chain& chain_of(std::size_t group) override;
  kernels::AnyRule rule_of(const OptimizerOptions& options) const override;
  void adopt(OptimizerParamGroup& group) override;
  void turn(Mode to) override { mode_ = to; }

 private:
  using State = torch::optim::LBFGSParamState;
  using Point = LinePoint<torch::Tensor>;

  const Options& options() const;
  State& known();
  std::int64_t weights() const;
  bool skip_unless_finite(const torch::Tensor& flat);
  static void begin(State& state, const torch::Tensor& gradient);
  bool read(torch::serialize::InputArchive& archive, Options& options, State& state) const;
  bool read_old(torch::serialize::InputArchive& archive, State& state) const;
  torch::Tensor flat_gradient() const;
  void move(double t, const torch::Tensor& direction);

  // Computes loss and gradient at the current weights.
  Point evaluate(const LossClosure& closure);
  void update_history(State& state, const torch::Tensor& gradient) const;
  torch::Tensor direction(const State& state, const torch::Tensor& gradient) const;
  Point line_search(const LossClosure& closure, const Point& here, const State& state, int& evaluations);
};

}  // namespace basin::optim
