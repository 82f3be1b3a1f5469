// The optimizer class: torch::optim::Optimizer over any rule and the links around it, chosen by name or by type.
//
//   basin::optim::Optimizer optimizer(model->parameters(), basin::kernels::Chain::parse("clip_global_norm:1+lion"));
//   basin::optim::Of<basin::rules::Lion> optimizer(model->parameters(), {.lr = 1e-4});      of basin/rules/lion.hpp
//   for (...) { optimizer.zero_grad();  loss(model, batch).backward();  optimizer.step(); }
//
// The classes that libtorch has, under libtorch's names, are in torch_optim.hpp. Parameter groups, closures, zero_grad,
// StepLR, torch::save and torch::load work as with libtorch's classes. A step is one fused pass over memory, with
// at most at::get_num_threads() threads, fewer where it is small, and gives the same bits for any number of them.
// Groups   a group without options takes the constructor's; one with options has those, each as it stands. The newest
//          libtorch fills what a group of its own six classes leaves at libtorch's defaults, and so do these classes there
// Sums     a link before the rule that sums over all weights, such as clip_global_norm, sums over those of all groups whose
//          chains begin with the same links, as clip_grad_norm_ does; a rule's own sums (DoG, Prodigy) are of its group
// Departs  loading restores every option; libtorch restores none
#pragma once
#include "basin/optim/state_index.hpp"
#include "basin/optim/step_layout.hpp"

namespace basin::optim {

using torch::optim::OptimizerCloneableOptions;
using torch::optim::OptimizerCloneableParamState;
using torch::optim::OptimizerOptions;
using torch::optim::OptimizerParamGroup;
using torch::optim::OptimizerParamState;

class Optimizer : public torch::optim::Optimizer {
 public:
  // A group without options takes `defaults`: a rule, or a chain such as kernels::Chain::parse("clip_global_norm:1+adamw").
  // Throws InputError for a parameter given twice and for parameters that share memory (distinct.hpp).
  Optimizer(std::vector<OptimizerParamGroup> groups, kernels::Chain defaults);
  Optimizer(std::vector<torch::Tensor> parameters, kernels::Chain defaults);

  // Throws as the constructor does; then nothing has changed. A group that was added through a reference to libtorch's
  // base class, whose function is not virtual, is looked at by the next step.
  void add_param_group(const OptimizerParamGroup& group);

  // One step for every parameter that has a gradient; the others do not advance. With a closure: evaluates it first,
  // with gradients enabled, and returns its loss; otherwise returns an undefined tensor.
  // A parameter in bfloat16 or float16 has its slots, and computes, in float32. A gradient that is sparse in the first
  // dimension costs the rows that it has; other rows, their slots included, stay as they are, and do not decay.
  // Throws InputError, before anything changes, for a gradient, a slot or a mean that has not the sizes, the type and the
  // device of its parameter; for a sparse gradient that the rule does not take, and for one of rows that the parameter does
  // not have; for a parameter of another type, whose elements share memory, or whose storage does not hold them; for options
  // outside their range; and in eval mode.
  torch::Tensor step(LossClosure closure = nullptr) override;

  // From here on, weights in bfloat16 are rounded stochastically, as a function of the seed, the weight and the step.
  // Not saved: it is said again where training goes on.
  void round_stochastically(std::uint64_t seed) { rounding_seed_ = seed; }

  // From the first step on, the slots of all groups are kept in this format, those of groups that are added too; a chain says so
  // for one group: kernels::Chain::parse("adamw@8bit"). In bfloat16 AdamW's state takes 4 bytes a weight, in 8 bits 2, instead of 8
  // (kernels/slots.hpp). Parameters must be float32, bfloat16 or float16, on the CPU, and their gradients dense. Throws
  // InputError for a rule that goes over matrices; then nothing changes.
  void store_slots(kernels::SlotFormat format);

  // Some rules train at one point and are evaluated at another (schedule_free_adamw, asgd). eval() gives the parameters
  // the values to evaluate, save and use; train(), the mode at first, those to go on with, equal up to rounding. Call them
  // where the network's own eval() and train() are called. For other rules no value changes. Throw InputError, and change
  // nothing, for a parameter or a slot that step() would refuse.
  void eval() { go_to(Mode::eval); }
  void train() { go_to(Mode::train); }
  Mode mode() const { return mode_; }

  // Whether a rule reads an estimate of the Hessian's diagonal (sophia), which every few steps is to be given to it:
  //
  //   loss(model, batch, labels drawn from what the model predicts).backward();  optimizer.add_curvature(batch size);
  //
  // The gradients are those of the mean loss of so many examples; the weights stay. Parameters without gradient, or that
  // have taken no step yet, are passed over.
  // Throws InputError, and changes nothing, for a sparse gradient or one of another shape.
  virtual bool wants_curvature();
  void add_curvature(std::int64_t examples);

  // What the options of a group say now: its rule with its knobs, and the links around it. Valid until the next call.
  const kernels::Chain& chain(std::size_t group = 0) { return chain_of(group); }
  const kernels::AnyRule& rule(std::size_t group = 0) { return chain_of(group).rule; }
  // Steps of a group that a link has left out (links::SkipNonFinite), and those of L-BFGS at a gradient that is not finite.
  std::int64_t skipped() const { return skipped_; }
  // Bytes of the slots that exist by now.
  virtual std::int64_t state_bytes();

  void save(torch::serialize::OutputArchive& archive) const override;
  // Throws InputError, and changes nothing, when the archive holds another number of groups or parameters, another
  // rule, or slots of another shape.
  void load(torch::serialize::InputArchive& archive) override;

 protected:
  // What an archive holds, before it is known to fit.
  struct Loaded {
    std::vector<std::unique_ptr<OptimizerOptions>> options;  // of each group
    std::vector<std::vector<std::unique_ptr<OptimizerParamState>>>
        states;  // of each parameter of each group, or null
    Mode mode = Mode::train;
    std::int64_t skipped = 0;
  };

  // For a class that keeps options and state in a form of its own; it calls `settle` when it can answer the questions
  // below.
  Optimizer(std::vector<OptimizerParamGroup> groups, std::unique_ptr<OptimizerOptions> defaults);

  virtual const kernels::Chain& chain_of(std::size_t group);
  virtual kernels::AnyRule rule_of(const OptimizerOptions& options) const;
  // Looks at a group that is new. Throws InputError for options of another class or outside their range.
  virtual void adopt(OptimizerParamGroup& group);
  // A state without slots; null where there is nothing to remember.
  virtual std::unique_ptr<OptimizerParamState> fresh_state(const kernels::AnyRule& rule) const;
  virtual StateView view(OptimizerParamState& state, const kernels::AnyRule& rule) const;
  // Options that say what this chain says, for a group. Throws InputError for a rule that is not the group's.
  virtual std::unique_ptr<OptimizerOptions> options_with(const kernels::Chain& chain,
                                                         std::size_t group) const;

  // Gives the parameters the values of the other mode.
  virtual void turn(Mode to);

  // Looks at the groups that are new.
  void settle();
  // What is remembered of a parameter, or null. An entry that a caller has made by state()[key] and left empty is none.
  OptimizerParamState* find_state(const torch::Tensor& parameter) const;
  // Before libtorch walks the entries, which it takes to be whole.
  void drop_empty_states() const;
  // Takes over what was loaded, or throws InputError and changes nothing.
  void accept(Loaded loaded);

  std::int64_t skipped_ = 0;
  Mode mode_ = Mode::train;

 private:
  friend class ByName;  // named_state.hpp
  friend class Shadow;  // takes steps in which weights follow the parameters

  std::size_t parameter_count() const;
  void keep_options(std::size_t group, const OptimizerParamGroup& given);
  void go_to(Mode mode) {
    if (mode_ != mode) turn(mode);
  }
  void lay_out();
  void lay_out_points();
  void lay_out_group(std::size_t group, std::size_t& index);
  StateView state_of(std::size_t index, const torch::Tensor& parameter, const kernels::AnyRule& rule);
  void adopt_fresh_states();
  // Takes the step of one group by `step(leaves)`, and counts it.
  template <class Leaf, class Step>
  void run(Leaves<Leaf>& leaves, std::size_t group, const Step& step);

  StateIndex index_;
  StepLayout layout_;
  std::vector<std::pair<StateKey, std::unique_ptr<OptimizerParamState>>>
      fresh_;                                          // of parameters that take their first step
  std::vector<std::optional<kernels::Total>> totals_;  // of the links that the groups have in common
  std::optional<std::uint64_t> rounding_seed_;
  Shadow* shadow_ = nullptr;  // for the time of one step
  std::size_t settled_ = 0;   // groups that have been looked at
  std::size_t distinct_ = 0;  // parameters that are known to share no memory
};

// The optimizer of one rule, with its knobs as an aggregate: Of<rules::Lion>(parameters, {.lr = 1e-4}).
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

}  // namespace basin::optim
