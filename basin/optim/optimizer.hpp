// The optimizer class: torch::optim::Optimizer over any rule and the links around it, chosen by name or by
// type.
//
//   basin::optim::Optimizer optimizer(model->parameters(),
//                                     basin::kernels::Chain::parse("clip_global_norm:1+lion"));
//   basin::optim::Of<basin::rules::Lion> optimizer(model->parameters(), {.lr = 1e-4});      rules/lion.hpp
//   for (...) { optimizer.zero_grad();  loss(model, batch).backward();  optimizer.step(); }
//
// torch_optim.hpp has libtorch's classes under libtorch's names. Parameter groups, closures, zero_grad,
// StepLR, torch::save and torch::load work as with libtorch's classes. A step is one fused pass over memory.
// It uses at most at::get_num_threads() threads, fewer if it is small, and gives the same bits for any number
// of them.
//
// Groups   a group without options takes those of the constructor; a group with options uses each value as
//          given. The newest libtorch replaces options left at its defaults, for groups of its own six
//          classes, and so do these classes with it
// Sums     a link before the rule that sums over all weights, such as clip_global_norm, sums over all groups
//          whose chains begin with the same links, as clip_grad_norm_ does; a rule's own sums (DoG, Prodigy)
//          cover its group
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
  // A group without options takes `defaults`: a rule, or a chain such as
  // kernels::Chain::parse("clip_global_norm:1+adamw"). Throws InputError for a repeated parameter and for
  // parameters that share memory (distinct.hpp).
  Optimizer(std::vector<OptimizerParamGroup> groups, kernels::Chain defaults);
  Optimizer(std::vector<torch::Tensor> parameters, kernels::Chain defaults);

  // Throws as the constructor does; nothing has changed then. A group added through a reference to libtorch's
  // base class, whose function is not virtual, is checked by the next step.
  void add_param_group(const OptimizerParamGroup& group);

  // Steps every parameter that has a gradient; the others do not advance. Evaluates a closure first, with
  // gradients enabled.
  //
  // A parameter in bfloat16 or float16 computes, and has its slots, in float32. A gradient that is sparse in
  // the first dimension costs only its rows; other rows and their slots stay as they are, and do not decay.
  //
  // Returns  the loss from the closure; an undefined tensor without one
  // Throws   InputError, before anything changes: for a gradient, a slot or a mean that does not have the
  //          sizes, type and device of its parameter; for a sparse gradient that the rule does not accept, or
  //          with rows that the parameter does not have; for a parameter of another type, whose elements
  //          share memory, or whose storage does not hold them; for options outside their range; and in eval
  //          mode
  torch::Tensor step(LossClosure closure = nullptr) override;

  // From now on, rounds weights in bfloat16 stochastically, as a function of the seed, the weight and the
  // step. Not saved: call it again when training continues.
  void round_stochastically(std::uint64_t seed) { rounding_seed_ = seed; }

  // Keeps the slots of all groups, also of groups added later, in this format from the first step on. A chain
  // sets it for one group: kernels::Chain::parse("adamw@8bit"). AdamW's state then takes 4 bytes per weight
  // in bfloat16, or 2 in 8 bits, instead of 8 (kernels/slots.hpp).
  //
  // Requires  parameters in float32, bfloat16 or float16, on the CPU, with dense gradients
  // Throws    InputError for a rule over matrices; nothing changes then
  void store_slots(kernels::SlotFormat format);

  // Some rules are evaluated at another point than they are trained at (schedule_free_adamw, asgd). eval()
  // gives the parameters the values to evaluate, save and use; train(), the initial mode, gives them the
  // values to continue with, equal up to rounding. Call them together with the network's own eval() and
  // train(). For other rules no value changes. Both throw InputError for a parameter or a slot that step()
  // would refuse; nothing changes then.
  void eval() { go_to(Mode::eval); }
  void train() { go_to(Mode::train); }
  Mode mode() const { return mode_; }

  // Returns whether a rule reads an estimate of the Hessian's diagonal (sophia), which must be supplied every
  // few steps:
  //
  //   loss(model, batch, labels drawn from the model's predictions).backward();
  //   optimizer.add_curvature(batch size);
  //
  // add_curvature takes the gradients of the mean loss of so many examples. The weights stay. Parameters
  // without a gradient, and those that have taken no step, are skipped. Throws InputError for a sparse
  // gradient or one of another shape; nothing changes then.
  virtual bool wants_curvature();
  void add_curvature(std::int64_t examples);

  // Returns the current options of a group: its rule with its knobs, and the links around it. Valid until the
  // next call.
  const kernels::Chain& chain(std::size_t group = 0) { return chain_of(group); }
  const kernels::AnyRule& rule(std::size_t group = 0) { return chain_of(group).rule; }
  // The number of steps of a group that a link has skipped (links::SkipNonFinite), or L-BFGS because of a
  // gradient that is not finite.
  std::int64_t skipped() const { return skipped_; }
  // The size in bytes of the slots that exist so far.
  virtual std::int64_t state_bytes();

  void save(torch::serialize::OutputArchive& archive) const override;
  // Throws InputError if the archive holds another number of groups or parameters, another rule, or slots of
  // another shape; nothing changes then.
  void load(torch::serialize::InputArchive& archive) override;

 protected:
  // The contents of an archive, before they are known to fit.
  struct Loaded {
    std::vector<std::unique_ptr<OptimizerOptions>> options;  // of each group
    std::vector<std::vector<std::unique_ptr<OptimizerParamState>>>
        states;  // of each parameter of each group, or null
    Mode mode = Mode::train;
    std::int64_t skipped = 0;
  };

  // For a class with its own form of options and state. It calls `settle` once it can answer the functions
  // below.
  Optimizer(std::vector<OptimizerParamGroup> groups, std::unique_ptr<OptimizerOptions> defaults);

  virtual const kernels::Chain& chain_of(std::size_t group);
  virtual kernels::AnyRule rule_of(const OptimizerOptions& options) const;
  // Checks a new group. Throws InputError for options of another class or outside their range.
  virtual void adopt(OptimizerParamGroup& group);
  // Returns a state without slots; null if there is nothing to store.
  virtual std::unique_ptr<OptimizerParamState> fresh_state(const kernels::AnyRule& rule) const;
  virtual StateView view(OptimizerParamState& state, const kernels::AnyRule& rule) const;
  // Returns the options of a group that express this chain. Throws InputError for a rule that is not the
  // group's.
  virtual std::unique_ptr<OptimizerOptions> options_with(const kernels::Chain& chain,
                                                         std::size_t group) const;

  // Gives the parameters the values for the other mode.
  virtual void turn(Mode to);

  // Checks the groups that are new.
  void settle();
  // Returns the state of a parameter, or null. An entry that a caller created with state()[key] and left
  // empty counts as none.
  OptimizerParamState* find_state(const torch::Tensor& parameter) const;
  // Called before libtorch iterates over the entries, which it assumes to be complete.
  void drop_empty_states() const;
  // Takes over what was loaded, or throws InputError and changes nothing.
  void accept(Loaded loaded);

  std::int64_t skipped_ = 0;
  Mode mode_ = Mode::train;

 private:
  friend class ByName;  // named_state.hpp
  friend class Shadow;  // takes steps in which other weights follow the parameters

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

// Returns a parameter group with its own knobs.
template <Rule R>
OptimizerParamGroup group(std::vector<torch::Tensor> parameters, const R& settings) {
  return {std::move(parameters), std::make_unique<Options>(kernels::AnyRule(settings))};
}

}  // namespace basin::optim
