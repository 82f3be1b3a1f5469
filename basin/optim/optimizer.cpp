#include "basin/optim/optimizer.hpp"

#include <ATen/Parallel.h>
#include <torch/types.h>
#include <torch/utils.h>

#include "basin/optim/archive.hpp"
#include "basin/optim/distinct.hpp"
#include "basin/optim/shadow.hpp"

#if AT_PARALLEL_OPENMP && !defined(_OPENMP)
#error "compile with OpenMP: without it at::parallel_for runs on one thread, and says nothing"
#endif

namespace basin::optim {
namespace {

const kernels::Execution& execution(std::optional<std::uint64_t> rounding_seed, double shadow_share = 0) {
  thread_local kernels::Execution how;
  how.threads = static_cast<std::size_t>(at::get_num_threads());
  how.rounding_seed = rounding_seed;
  how.shadow_share = shadow_share;
  if (!how.parallel)
    how.parallel = [](std::size_t count, const std::function<void(std::size_t)>& task) {
      at::parallel_for(0, static_cast<std::int64_t>(count), 1, [&](std::int64_t begin, std::int64_t end) {
        for (; begin < end; ++begin) task(static_cast<std::size_t>(begin));
      });
    };
  return how;
}

// Looked at before libtorch does, whose message about a parameter given twice names none.
std::vector<OptimizerParamGroup> distinct(std::vector<OptimizerParamGroup> groups) {
  check_distinct(groups);
  return groups;
}

const Options& options_of(const OptimizerOptions& options) {
  if (const auto* own = dynamic_cast<const Options*>(&options)) return *own;
  throw InputError(
      "the options of a group are of another class; an optimizer by name takes basin::optim::Options");
}

}  // namespace

Optimizer::Optimizer(std::vector<OptimizerParamGroup> groups, std::unique_ptr<OptimizerOptions> defaults)
    : torch::optim::Optimizer(distinct(std::move(groups)), std::move(defaults)) {
  distinct_ = parameter_count();
}

Optimizer::Optimizer(std::vector<OptimizerParamGroup> groups, kernels::Chain defaults)
    : Optimizer(std::move(groups), std::make_unique<Options>(std::move(defaults))) {
  settle();
}

Optimizer::Optimizer(std::vector<torch::Tensor> parameters, kernels::Chain defaults)
    : Optimizer(std::vector<OptimizerParamGroup>{OptimizerParamGroup(std::move(parameters))},
                std::move(defaults)) {}

void Optimizer::add_param_group(const OptimizerParamGroup& group) {
  std::vector<OptimizerParamGroup> all = param_groups_;
  all.push_back(group);
  check_distinct(all);
  torch::optim::Optimizer::add_param_group(group);
  try {
    settle();
  } catch (...) {
    param_groups_.pop_back();
    throw;
  }
}

std::size_t Optimizer::parameter_count() const {
  std::size_t count = 0;
  for (const OptimizerParamGroup& group : param_groups_) count += group.params().size();
  return count;
}

void Optimizer::settle() {
  if (const std::size_t count = parameter_count(); count != distinct_) {
    check_distinct(param_groups_);
    distinct_ = count;
  }
  for (; settled_ < param_groups_.size(); ++settled_) {
    complete(param_groups_[settled_].options());
    rule_of(param_groups_[settled_].options());
  }
}

// --- basin's own form of options and state

const kernels::Chain& Optimizer::chain_of(std::size_t group) {
  return options_of(param_groups_.at(group).options()).chain;
}

kernels::AnyRule Optimizer::rule_of(const OptimizerOptions& options) const {
  return options_of(options).chain.rule;
}

void Optimizer::complete(OptimizerOptions& options) const {
  if (options_of(options).whole) return;
  kernels::AnyRule& rule = static_cast<Options&>(options).chain.rule;
  const kernels::AnyRule& defaults = options_of(*defaults_).chain.rule;
  if (&rule.table() != &defaults.table()) return;
  for (const Knob& knob : rule.info().knobs)
    if (rule.get(knob.name) == knob.initial) rule.set(knob.name, defaults.get(knob.name));
  if (rule.slot_format() == kernels::SlotFormat::native) rule.store_slots(defaults.slot_format());
}

void Optimizer::store_slots(kernels::SlotFormat format) {
  std::vector<OptimizerOptions*> all{defaults_.get()};
  for (OptimizerParamGroup& group : param_groups_) all.push_back(&group.options());
  for (OptimizerOptions* const options : all)
    kernels::AnyRule(options_of(*options).chain.rule).store_slots(format);  // throws
  for (OptimizerOptions* const options : all) static_cast<Options*>(options)->chain.rule.store_slots(format);
}

std::unique_ptr<OptimizerParamState> Optimizer::fresh_state(const kernels::AnyRule& rule) const {
  auto state = std::make_unique<ParamState>();
  state->slots.resize(rule.slot_count());
  state->numbers.assign(rule.table().numbers, 1.0);
  return state;
}

StateView Optimizer::view(OptimizerParamState& state, const kernels::AnyRule& rule) const {
  auto& own = static_cast<ParamState&>(state);
  if (own.slots.size() != rule.slot_count() || own.numbers.size() != rule.table().numbers)
    throw InputError("a parameter's state is not of " + rule.info().name + ", which has " +
                     std::to_string(rule.slot_count()) + " slots and " +
                     std::to_string(rule.table().numbers) + " numbers");
  StateView seen{own.step, &own.step, {}, own.numbers};
  for (std::size_t i = 0; i < own.slots.size(); ++i) seen.slots[i] = &own.slots[i];
  return seen;
}

std::unique_ptr<OptimizerOptions> Optimizer::options_with(const kernels::Chain& chain,
                                                          std::size_t group) const {
  const std::string own = options_of(param_groups_.at(group).options()).chain.rule.info().name;
  if (const std::string& name = chain.rule.info().name; name != own)
    refuse("is of " + name + "; this optimizer is " + own);
  return std::make_unique<Options>(chain);
}

// --- steps

torch::Tensor Optimizer::step(LossClosure closure) {
  if (mode_ == Mode::eval)
    throw InputError("step() in eval mode: the weights are those to evaluate; call train() first");
  torch::Tensor loss;
  if (closure) {
    const at::AutoGradMode with_gradients(true);
    loss = closure();
  }
  const torch::NoGradGuard no_gradients;
  gather();
  adopt_fresh_states();
  const kernels::Execution& how = execution(rounding_seed_, shadow_ ? shadow_->share_ : 0);
  for (std::size_t g = 0; g < param_groups_.size(); ++g) {
    const kernels::Chain& chain = chain_of(g);
    run(floats_, g, [&](auto leaves) { return floats_.driver.step(chain, leaves, how); });
    run(doubles_, g, [&](auto leaves) { return doubles_.driver.step(chain, leaves, how); });
    run(elsewhere_, g, [&](auto leaves) { return tensor_step(chain, leaves); });
  }
  give_back();
  return loss;
}

template <class Leaf, class Step>
void Optimizer::run(Leaves<Leaf>& lane, std::size_t group, const Step& step) {
  const std::span<Leaf> leaves = lane.of_group(group);
  if (leaves.empty()) return;
  if (!step(leaves)) {
    ++skipped_;
    return;
  }
  if constexpr (requires { leaves[0].shadow; })
    for (const Leaf& leaf : leaves)
      if (leaf.shadow) shadow_->note(leaf.shadow);
  for (std::int64_t* const steps : std::span(lane.counts).subspan(lane.group_begin[group], leaves.size()))
    if (steps) ++*steps;
}

void Optimizer::turn(Mode to) {
  if (mode_ == to) return;
  const torch::NoGradGuard no_gradients;
  const kernels::Execution& how = execution(rounding_seed_);
  std::size_t index = 0;
  for (std::size_t g = 0; g < param_groups_.size(); ++g) {
    const kernels::Chain& chain = chain_of(g);
    const kernels::AnyRule& rule = chain.rule;
    clear_lanes();
    for (const torch::Tensor& parameter : param_groups_[g].params()) {
      const auto found = state_.find(key_of(parameter));
      if (found != state_.end() && rule.table().two_points)
        lay_out(index, parameter, parameter, chain, view(*found->second, rule));  // no gradient is looked at
      ++index;
    }
    floats_.driver.turn(to, rule, floats_.leaves, how);
    doubles_.driver.turn(to, rule, doubles_.leaves, how);
    tensor_turn(to, rule, elsewhere_.leaves);
    give_back();
  }
  clear_lanes();
  mode_ = to;
}

std::int64_t Optimizer::state_bytes() {
  std::int64_t bytes = 0;
  for (std::size_t g = 0; g < param_groups_.size(); ++g) {
    const kernels::AnyRule& rule = chain_of(g).rule;
    for (const torch::Tensor& parameter : param_groups_[g].params()) {
      const auto found = state_.find(key_of(parameter));
      if (found == state_.end()) continue;
      for (const torch::Tensor* slot : view(*found->second, rule).slots)
        if (slot && slot->defined()) bytes += static_cast<std::int64_t>(slot->nbytes());
    }
  }
  return bytes;
}

}  // namespace basin::optim
