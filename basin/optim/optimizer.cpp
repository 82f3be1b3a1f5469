#include "basin/optim/optimizer.hpp"

#include <ATen/Parallel.h>
#include <torch/types.h>
#include <torch/utils.h>

#include "basin/core/on_exit.hpp"
#include "basin/optim/archive.hpp"
#include "basin/optim/distinct.hpp"
#include "basin/optim/shadow.hpp"
#include "basin/optim/step_checks.hpp"
#include "basin/optim/totals.hpp"

#if AT_PARALLEL_OPENMP && !defined(_OPENMP)
#error "compile with OpenMP: without it at::parallel_for runs on one thread, and says nothing"
#endif

namespace basin::optim {
namespace {

kernels::Execution& execution(std::optional<std::uint64_t> rounding_seed, double shadow_share = 0) {
  thread_local kernels::Execution how;
  how.threads = static_cast<std::size_t>(at::get_num_threads());
  how.rounding_seed = rounding_seed;
  how.shadow_share = shadow_share;
  how.totals = {};
  if (!how.parallel)
    how.parallel = [](std::size_t count, const std::function<void(std::size_t)>& task) {
      at::parallel_for(0, static_cast<std::int64_t>(count), 1, [&](std::int64_t begin, std::int64_t end) {
        for (; begin < end; ++begin) task(static_cast<std::size_t>(begin));
      });
    };
  return how;
}

// Checked before libtorch does, whose message about a repeated parameter does not name it.
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
    : torch::optim::Optimizer(distinct(groups), std::move(defaults)) {
  for (std::size_t g = 0; g < groups.size(); ++g) keep_options(g, groups[g]);
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
    keep_options(param_groups_.size() - 1, group);
    settle();
  } catch (...) {
    param_groups_.pop_back();
    throw;
  }
}

// The newest libtorch merges the options of its own classes with the defaults, and replaces any others by the
// defaults.
void Optimizer::keep_options(std::size_t group, const OptimizerParamGroup& given) {
  if (given.has_options() && dynamic_cast<const Options*>(&given.options()))
    param_groups_[group].set_options(given.options().clone());
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
    OptimizerParamGroup& group = param_groups_[settled_];
    if (!group.has_options()) group.set_options(defaults_->clone());
    adopt(group);
  }
}

OptimizerParamState* Optimizer::find_state(const torch::Tensor& parameter) const {
  const auto found = state_.find(key_of(parameter));
  return found == state_.end() ? nullptr : found->second.get();
}

void Optimizer::drop_empty_states() const {
  auto& state = const_cast<Optimizer*>(this)->state_;  // an empty entry means the same as a missing one
  for (auto entry = state.begin(); entry != state.end();)
    entry = entry->second ? ++entry : state.erase(entry);
}

// --- basin's own form of options and state

const kernels::Chain& Optimizer::chain_of(std::size_t group) {
  return options_of(param_groups_.at(group).options()).chain;
}

kernels::AnyRule Optimizer::rule_of(const OptimizerOptions& options) const {
  return options_of(options).chain.rule;
}

void Optimizer::adopt(OptimizerParamGroup& group) {
  const kernels::SlotFormat format = options_of(*defaults_).chain.rule.slot_format();
  kernels::AnyRule rule = options_of(group.options()).chain.rule;
  if (rule.slot_format() == kernels::SlotFormat::native && format != kernels::SlotFormat::native) {
    rule.store_slots(format);
    static_cast<Options&>(group.options()).chain.rule = rule;
  }
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
    throw InputError("a parameter's state does not fit " + rule.info().name + ", which has " +
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
    refuse("is for " + name + "; this optimizer is " + own);
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
  const OnExit forget([&] { layout_.clear(); });
  lay_out();
  adopt_fresh_states();
  kernels::Execution& how = execution(rounding_seed_, shadow_ ? shadow_->share_ : 0);
  sum_over_groups(
      layout_, param_groups_.size(), [this](std::size_t g) -> const kernels::Chain& { return chain_of(g); },
      totals_, how);
  for (std::size_t g = 0; g < param_groups_.size(); ++g) {
    const kernels::Chain& chain = chain_of(g);
    run(layout_.floats, g, [&](auto leaves) { return layout_.floats.driver.step(chain, leaves, how); });
    run(layout_.doubles, g, [&](auto leaves) { return layout_.doubles.driver.step(chain, leaves, how); });
    run(layout_.elsewhere, g, [&](auto leaves) { return tensor_step(chain, leaves, how.totals); });
  }
  layout_.give_back();
  return loss;
}

template <class Leaf, class Step>
void Optimizer::run(Leaves<Leaf>& all, std::size_t group, const Step& step) {
  const std::span<Leaf> leaves = all.of_group(group);
  if (leaves.empty()) return;
  if (!step(leaves)) {
    ++skipped_;
    return;
  }
  if constexpr (requires { leaves[0].shadow; })
    for (const Leaf& leaf : leaves)
      if (leaf.shadow) shadow_->note(leaf.shadow);
  for (std::int64_t* const steps : std::span(all.counts).subspan(all.group_begin[group], leaves.size()))
    if (steps) ++*steps;
}

// Looks at every parameter once, and changes nothing: with thousands of small tensors, a step is as long as
// its way through their headers, which lie all over memory.
void Optimizer::lay_out() {
  settle();
  layout_.clear();
  fresh_.clear();
  std::size_t index = 0;
  for (std::size_t g = 0; g < param_groups_.size(); ++g) lay_out_group(g, index);
  layout_.begin_group();
}

void Optimizer::lay_out_group(std::size_t group, std::size_t& index) {
  layout_.begin_group();
  const kernels::Chain& chain = chain_of(group);
  for (const torch::Tensor& parameter : param_groups_[group].params()) {
    index_.fetch(index + 8);
    const torch::Tensor& gradient = parameter.grad();
    if (gradient.defined()) {
      check_parameter(index, parameter, gradient, chain);
      layout_.add(index, parameter, gradient, chain, state_of(index, parameter, chain.rule), shadow_);
    }
    ++index;
  }
}

StateView Optimizer::state_of(std::size_t index, const torch::Tensor& parameter,
                              const kernels::AnyRule& rule) {
  const StateKey& key = index_.key(index, parameter);
  if (const auto found = state_.find(key); found != state_.end() && found->second) {
    const StateView seen = view(*found->second, rule);
    index_.note(index, *found->second, seen);
    return seen;
  }
  std::unique_ptr<OptimizerParamState> state = fresh_state(rule);
  if (!state) return {};
  return view(*fresh_.emplace_back(key, std::move(state)).second, rule);
}

void Optimizer::adopt_fresh_states() {
  for (auto& [key, state] : fresh_) state_[key] = std::move(state);
}

// --- the two points of some rules

void Optimizer::turn(Mode to) {
  const torch::NoGradGuard no_gradients;
  const OnExit forget([&] { layout_.clear(); });
  lay_out_points();
  const kernels::Execution& how = execution(rounding_seed_);
  for (std::size_t g = 0; g < param_groups_.size(); ++g) {
    const kernels::AnyRule& rule = chain_of(g).rule;
    layout_.floats.driver.turn(to, rule, layout_.floats.of_group(g), how);
    layout_.doubles.driver.turn(to, rule, layout_.doubles.of_group(g), how);
    tensor_turn(to, rule, layout_.elsewhere.of_group(g));
  }
  layout_.give_back();
  mode_ = to;
}

// The parameters that have two points; their gradients are not looked at.
void Optimizer::lay_out_points() {
  settle();
  layout_.clear();
  std::size_t index = 0;
  for (std::size_t g = 0; g < param_groups_.size(); ++g) {
    layout_.begin_group();
    const kernels::Chain& chain = chain_of(g);
    for (const torch::Tensor& parameter : param_groups_[g].params()) {
      OptimizerParamState* const state = find_state(parameter);
      if (state && chain.rule.table().two_points) {
        check_parameter(index, parameter, parameter, chain);
        layout_.add(index, parameter, parameter, chain, view(*state, chain.rule));
      }
      ++index;
    }
  }
  layout_.begin_group();
}

std::int64_t Optimizer::state_bytes() {
  std::int64_t bytes = 0;
  for (std::size_t g = 0; g < param_groups_.size(); ++g) {
    const kernels::AnyRule& rule = chain_of(g).rule;
    for (const torch::Tensor& parameter : param_groups_[g].params()) {
      OptimizerParamState* const state = find_state(parameter);
      if (!state) continue;
      for (const torch::Tensor* slot : view(*state, rule).slots)
        if (slot && slot->defined()) bytes += static_cast<std::int64_t>(slot->nbytes());
    }
  }
  return bytes;
}

}  // namespace basin::optim
