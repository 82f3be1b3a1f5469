// The optimizer class: torch::optim::Optimizer over any rule, a drop-in for libtorch's own.
//
//   basin::optim::AdamW optimizer(model->parameters(), {.lr = 3e-4, .weight_decay = 0.1});
//   for (...) { optimizer.zero_grad();  loss(model, batch).backward();  optimizer.step(); }
//
// Parameter groups, closures, zero_grad, StepLR, torch::save and torch::load work as with libtorch's classes. A step is
// one fused pass over memory, with at::get_num_threads() threads, and gives the same bits for any number of them.
// Departs  a group without options takes all of the constructor's; loading restores every option: libtorch does neither
#pragma once
#include <torch/optim/optimizer.h>

#include <span>
#include <string>
#include <vector>

#include "basin/kernels/driver.hpp"
#include "basin/rules/rules.hpp"

namespace basin::optim {

using torch::optim::OptimizerParamGroup;

// The options of one parameter group: a rule with its knobs, and the links around it. Both may be changed between steps:
// `chain.rule.set("beta1", 0.95)`.
struct Options : torch::optim::OptimizerCloneableOptions<Options> {
  explicit Options(kernels::Chain c) : chain(std::move(c)) {}
  // Throws InputError for a rate outside its range.
  void set_lr(double lr) override { chain.rule.set("lr", lr); }
  double get_lr() const override { return chain.rule.lr(); }
  void serialize(torch::serialize::InputArchive& archive) override;
  void serialize(torch::serialize::OutputArchive& archive) const override;

  kernels::Chain chain;
};

// What the optimizer remembers of one parameter. Slots have the parameter's sizes, strides and type, and are named by
// rule.info().slots.
struct ParamState : torch::optim::OptimizerCloneableParamState<ParamState> {
  void serialize(torch::serialize::InputArchive& archive) override;
  void serialize(torch::serialize::OutputArchive& archive) const override;

  Step step = 0;  // taken so far
  std::vector<torch::Tensor> slots;
  std::vector<double> numbers;  // that the rule remembers beside its slots
};

class Optimizer : public torch::optim::Optimizer {
 public:
  // Groups without options take `defaults`: a rule, or a chain such as Chain::parse("clip_global_norm:1+adamw").
  // Throws InputError for a parameter given twice and for parameters that share memory (distinct.hpp).
  Optimizer(std::vector<OptimizerParamGroup> groups, kernels::Chain defaults);
  Optimizer(std::vector<torch::Tensor> parameters, kernels::Chain defaults);

  // One step for every parameter that has a gradient; the others do not advance. With a closure: evaluates it first,
  // with gradients enabled, and returns its loss; otherwise returns an undefined tensor.
  // Throws InputError for a sparse gradient, for a type other than float32 and float64, and in eval mode, before anything
  // changes.
  torch::Tensor step(LossClosure closure = nullptr) override;

  // Some rules train at one point and are evaluated at another (schedule_free_adamw, asgd). eval() gives the parameters
  // the values to evaluate, save and use; train(), the mode at first, those to go on with, equal up to rounding. Call them
  // where the network's own eval() and train() are called. For other rules no value changes.
  void eval() { turn(Mode::eval); }
  void train() { turn(Mode::train); }
  Mode mode() const { return mode_; }

  // The rule of a group with its knobs, and the links around it.
  kernels::Chain& chain(std::size_t group = 0);
  kernels::AnyRule& rule(std::size_t group = 0) { return chain(group).rule; }
  // Steps of a group that a link has left out (links::SkipNonFinite).
  std::int64_t skipped() const { return skipped_; }
  // Bytes of the slots that exist by now.
  std::int64_t state_bytes() const;

  void save(torch::serialize::OutputArchive& archive) const override;
  // Throws InputError, and changes nothing, when the archive holds another number of groups or parameters, another
  // rule, or slots of another shape.
  void load(torch::serialize::InputArchive& archive) override;

 private:
  using States = std::remove_reference_t<decltype(std::declval<torch::optim::Optimizer&>().state())>;
  using Key = States::key_type;  // a string in libtorch 1.13, a pointer in 2.x
  struct Bound {
    const void* parameter = nullptr;
    Key key;
    // Where the state and its tensors lay in the last step: to be asked for early, never to be read.
    std::array<const void*, 2 + 3 * kernels::most_slots> headers{};
  };
  // The parameters of one type that take a step, group after group, and what drives them.
  template <class T>
  struct Lane {
    std::vector<kernels::Leaf<T>> leaves;
    std::vector<ParamState*> states;       // of each leaf
    std::vector<std::size_t> group_begin;  // in leaves, of each group
    kernels::Driver<T> driver;

    void clear() { leaves.clear(), states.clear(), group_begin.clear(); }
  };

  static Key key_of_parameter(const torch::Tensor& parameter);
  void gather();
  void adopt_fresh_states();
  void fetch_headers(std::size_t index) const;
  static void note_headers(Bound& bound, const ParamState& state);
  ParamState& state_of(std::size_t index, const torch::Tensor& parameter, const kernels::AnyRule& rule);
  void lay_out(std::size_t index, const torch::Tensor& parameter, const torch::Tensor& gradient,
               ParamState& state);
  void give_back();
  void turn(Mode to);
  template <class T>
  void push(Lane<T>& lane, std::size_t index, const torch::Tensor& weight, const torch::Tensor& gradient,
            ParamState& state);
  template <class T>
  void run(Lane<T>& lane, std::size_t group);

  // Kept from step to step, so that a step allocates nothing.
  std::vector<Bound> bound_;
  std::vector<std::pair<Key, std::unique_ptr<ParamState>>>
      fresh_;  // of parameters that take their first step
  std::int64_t skipped_ = 0;
  Mode mode_ = Mode::train;
  std::size_t distinct_ = 0;  // parameters that are known to share no memory
  Lane<float> floats_;
  Lane<double> doubles_;
  std::vector<torch::Tensor> kept_;  // gradients that had to be laid out anew
  std::vector<std::pair<torch::Tensor, torch::Tensor>>
      write_back_;  // strided parameters and their dense copies
};

// The optimizer of one rule, with its knobs as an aggregate: Of<rules::AdamW>(parameters, {.lr = 1e-3}).
template <Rule R>
class Of : public Optimizer {
 public:
  explicit Of(std::vector<torch::Tensor> parameters, R settings = {})
      : Optimizer(std::move(parameters), kernels::Chain(kernels::AnyRule(settings))) {}
  explicit Of(std::vector<OptimizerParamGroup> groups, R settings = {})
      : Optimizer(std::move(groups), kernels::Chain(kernels::AnyRule(settings))) {}
};

// A parameter group with knobs of its own.
template <Rule R>
OptimizerParamGroup group(std::vector<torch::Tensor> parameters, const R& settings) {
  return {std::move(parameters), std::make_unique<Options>(kernels::AnyRule(settings))};
}

using Sgd = Of<rules::Sgd>;
using Momentum = Of<rules::Momentum>;
using Nesterov = Of<rules::Nesterov>;
using Adagrad = Of<rules::Adagrad>;
using RmsProp = Of<rules::RmsProp>;
using Adam = Of<rules::Adam>;
using AdamW = Of<rules::AdamW>;

}  // namespace basin::optim
