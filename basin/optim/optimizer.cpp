#include "basin/optim/optimizer.hpp"

#include <ATen/Parallel.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <sstream>

#include "basin/optim/distinct.hpp"

namespace basin::optim {
namespace {

// libtorch's own keys of `state()`.
template <class Key>
Key key_of(const torch::Tensor& parameter) {
  if constexpr (std::is_same_v<Key, std::string>) {
    std::ostringstream text;
    text << static_cast<const void*>(parameter.unsafeGetTensorImpl());
    return text.str();
  } else {
    return parameter.unsafeGetTensorImpl();
  }
}

void check_parameter(std::size_t index, const torch::Tensor& parameter, std::string_view rule) {
  const auto refuse = [&](const std::string& what) {
    throw InputError(std::string(rule) + ": parameter " + std::to_string(index) + what);
  };
  const torch::Tensor& gradient = parameter.grad();
  if (gradient.layout() != torch::kStrided) refuse(" has a sparse gradient; it must be dense");
  if (!parameter.device().is_cpu()) refuse(" is on " + parameter.device().str() + "; it must be on the CPU");
  const auto type = parameter.scalar_type();
  if (type != torch::kFloat32 && type != torch::kFloat64)
    refuse(" has type " + std::string(c10::toString(type)) + "; it must be float32 or float64");
  if (gradient.scalar_type() != type) refuse(" and its gradient differ in type");
}

const kernels::Execution& execution() {
  thread_local kernels::Execution how;
  how.threads = static_cast<std::size_t>(at::get_num_threads());
  if (!how.parallel)
    how.parallel = [](std::size_t count, const std::function<void(std::size_t)>& task) {
      at::parallel_for(0, static_cast<std::int64_t>(count), 1, [&](std::int64_t begin, std::int64_t end) {
        for (; begin < end; ++begin) task(static_cast<std::size_t>(begin));
      });
    };
  return how;
}

}  // namespace

Optimizer::Optimizer(std::vector<OptimizerParamGroup> groups, kernels::Chain defaults)
    : torch::optim::Optimizer(std::move(groups), std::make_unique<Options>(std::move(defaults))) {
  check_distinct(param_groups_);
  distinct_ = size();
}

Optimizer::Optimizer(std::vector<torch::Tensor> parameters, kernels::Chain defaults)
    : Optimizer({OptimizerParamGroup(std::move(parameters))}, std::move(defaults)) {}

kernels::Chain& Optimizer::chain(std::size_t group) {
  return static_cast<Options&>(param_groups_.at(group).options()).chain;
}

torch::Tensor Optimizer::step(LossClosure closure) {
  if (mode_ == Mode::eval)
    throw InputError("step() in eval mode: the weights are those to evaluate; call train() first");
  torch::Tensor loss;
  if (closure) {
    const at::AutoGradMode with_gradients(true);
    loss = closure();
  }
  const torch::NoGradGuard no_gradients;
  check_gradients();
  std::size_t index = 0;
  for (std::size_t g = 0; g < param_groups_.size(); ++g) {
    for (torch::Tensor& parameter : param_groups_[g].params()) collect(index++, parameter, rule(g));
    run(floats_, chain(g));
    run(doubles_, chain(g));
    give_back();
    advanced_.clear();
  }
  return loss;
}

void Optimizer::turn(Mode to) {
  if (mode_ == to) return;
  const torch::NoGradGuard no_gradients;
  std::size_t index = 0;
  for (std::size_t g = 0; g < param_groups_.size(); ++g) {
    for (torch::Tensor& parameter : param_groups_[g].params()) {
      const auto found = state_.find(key_of_parameter(parameter));
      if (found != state_.end() && rule(g).table().two_points)
        lay_out(index, parameter, parameter,
                static_cast<ParamState&>(*found->second));  // no gradient is looked at
      ++index;
    }
    floats_.driver.turn(to, rule(g), floats_.leaves, execution());
    doubles_.driver.turn(to, rule(g), doubles_.leaves, execution());
    floats_.leaves.clear();
    doubles_.leaves.clear();
    give_back();
  }
  mode_ = to;
}

// What had to be laid out anew goes back where it came from.
void Optimizer::give_back() {
  for (auto& [parameter, dense] : write_back_) parameter.copy_(dense);
  write_back_.clear();
  kept_.clear();
}

void Optimizer::check_gradients() {
  if (std::size_t count = size(); count != distinct_) {  // a group was added
    check_distinct(param_groups_);
    distinct_ = count;
  }
  std::size_t index = 0;
  for (std::size_t g = 0; g < param_groups_.size(); ++g)
    for (const torch::Tensor& parameter : param_groups_[g].params()) {
      if (parameter.grad().defined()) check_parameter(index, parameter, rule(g).info().name);
      ++index;
    }
}

template <class T>
void Optimizer::run(Lane<T>& lane, const kernels::Chain& chain) {
  if (!lane.leaves.empty() && !lane.driver.step(chain, lane.leaves, execution())) {
    ++skipped_;
    for (ParamState* state : advanced_) --state->step;
  }
  lane.leaves.clear();
}

Optimizer::Key Optimizer::key_of_parameter(const torch::Tensor& parameter) { return key_of<Key>(parameter); }

ParamState& Optimizer::state_of(std::size_t index, const torch::Tensor& parameter,
                                const kernels::AnyRule& rule) {
  if (bound_.size() <= index) bound_.resize(index + 1);
  Bound& bound = bound_[index];
  if (bound.parameter != parameter.unsafeGetTensorImpl())
    bound = {parameter.unsafeGetTensorImpl(), key_of_parameter(parameter)};
  auto& slot = state_[bound.key];
  if (!slot) {
    auto fresh = std::make_unique<ParamState>();
    for (std::size_t i = 0; i < rule.slot_count(); ++i)
      fresh->slots.push_back(rule.table().starts_as_weight(i)
                                 ? parameter.detach().clone(at::MemoryFormat::Preserve)
                                 : torch::full_like(parameter, rule.initial(i)));
    fresh->numbers.assign(rule.table().numbers, 1.0);
    slot = std::move(fresh);
  }
  return static_cast<ParamState&>(*slot);
}

void Optimizer::collect(std::size_t index, torch::Tensor& parameter, const kernels::AnyRule& rule) {
  if (!parameter.grad().defined()) return;
  ParamState& state = state_of(index, parameter, rule);
  ++state.step;
  advanced_.push_back(&state);
  lay_out(index, parameter, parameter.grad(), state);
}

void Optimizer::lay_out(std::size_t index, torch::Tensor& parameter, torch::Tensor gradient,
                        ParamState& state) {
  torch::Tensor weight = parameter;
  if (!parameter.is_non_overlapping_and_dense()) {
    weight = parameter.clone(at::MemoryFormat::Preserve);
    write_back_.emplace_back(parameter, weight);
  }
  if (gradient.strides() != weight.strides() || !gradient.is_non_overlapping_and_dense()) {
    gradient = torch::empty_like(weight).copy_(gradient);
    kept_.push_back(gradient);
  }
  for (torch::Tensor& slot : state.slots)  // a loaded one may be laid out in another order
    if (slot.strides() != weight.strides()) slot = torch::empty_like(weight).copy_(slot);
  if (weight.scalar_type() == torch::kFloat32)
    push(floats_, index, weight, gradient, state);
  else
    push(doubles_, index, weight, gradient, state);
  parameter.unsafeGetTensorImpl()
      ->bump_version();  // as any in-place operation does, so that autograd notices misuse
}

template <class T>
void Optimizer::push(Lane<T>& lane, std::size_t index, torch::Tensor& weight, const torch::Tensor& gradient,
                     ParamState& state) {
  kernels::Tile<T> tile{
      weight.data_ptr<T>(), gradient.data_ptr<T>(), {}, static_cast<std::size_t>(weight.numel())};
  for (std::size_t i = 0; i < state.slots.size(); ++i) tile.slots[i] = state.slots[i].data_ptr<T>();
  const std::size_t rows = weight.dim() >= 2 ? static_cast<std::size_t>(weight.size(0)) : 0;
  lane.leaves.push_back({tile, state.step, rows, index, state.numbers});
}

std::int64_t Optimizer::state_bytes() const {
  std::int64_t bytes = 0;
  for (const auto& [key, state] : state_)
    for (const torch::Tensor& slot : static_cast<const ParamState&>(*state).slots)
      bytes += static_cast<std::int64_t>(slot.nbytes());
  return bytes;
}

}  // namespace basin::optim
