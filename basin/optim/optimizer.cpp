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

void check_parameter(std::size_t index, const torch::Tensor& parameter, const torch::Tensor& gradient,
                     std::string_view rule) {
  const auto refuse = [&](const std::string& what) {
    throw InputError(std::string(rule) + ": parameter " + std::to_string(index) + what);
  };
  if (gradient.layout() != torch::kStrided) refuse(" has a sparse gradient; it must be dense");
  if (!parameter.device().is_cpu()) refuse(" is on " + parameter.device().str() + "; it must be on the CPU");
  const auto type = parameter.scalar_type();
  if (type != torch::kFloat32 && type != torch::kFloat64)
    refuse(" has type " + std::string(c10::toString(type)) + "; it must be float32 or float64");
  if (gradient.scalar_type() != type) refuse(" and its gradient differ in type");
}

// Whether two tensors of the same sizes lie in memory in the same order, without gaps.
bool in_same_order(const torch::Tensor& a, const torch::Tensor& b) {
  if (a.is_contiguous() && b.is_contiguous()) return true;
  return a.strides() == b.strides() && a.is_non_overlapping_and_dense();
}

// Without libtorch's look at the type, which has been looked at.
template <class T>
T* values(const torch::Tensor& tensor) {
  return static_cast<T*>(tensor.data_ptr());
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
  gather();
  adopt_fresh_states();
  for (std::size_t g = 0; g < param_groups_.size(); ++g) {
    run(floats_, g);
    run(doubles_, g);
  }
  give_back();
  return loss;
}

// Looks at every parameter once, and changes nothing: with thousands of small tensors, a step is as long as its way
// through their headers, which lie all over memory.
void Optimizer::gather() {
  if (const std::size_t count = size(); count != distinct_) {  // a group was added
    check_distinct(param_groups_);
    distinct_ = count;
  }
  floats_.clear();
  doubles_.clear();
  fresh_.clear();
  std::size_t index = 0;
  for (std::size_t g = 0; g < param_groups_.size(); ++g) {
    floats_.group_begin.push_back(floats_.leaves.size());
    doubles_.group_begin.push_back(doubles_.leaves.size());
    for (const torch::Tensor& parameter : param_groups_[g].params()) {
      fetch_headers(index + 8);
      const torch::Tensor& gradient = parameter.grad();
      if (gradient.defined()) {
        check_parameter(index, parameter, gradient, rule(g).info().name);
        lay_out(index, parameter, gradient, state_of(index, parameter, rule(g)));
      }
      ++index;
    }
  }
  floats_.group_begin.push_back(floats_.leaves.size());
  doubles_.group_begin.push_back(doubles_.leaves.size());
}

// With 10,000 tensors the step waits for their headers, one behind the other, unless it asks for them early.
void Optimizer::fetch_headers(std::size_t index) const {
  if (index >= bound_.size()) return;
  for (const void* header : bound_[index].headers) {
    if (!header) return;
    __builtin_prefetch(header);
  }
}

void Optimizer::note_headers(Bound& bound, const ParamState& state) {
  if (bound.headers.front() == &state) return;
  bound.headers.fill(nullptr);
  auto next = bound.headers.begin();
  *next++ = &state;
  *next++ = state.slots.data();
  for (const torch::Tensor& slot : state.slots) {
    const torch::TensorImpl* const tensor = slot.unsafeGetTensorImpl();
    *next++ = tensor;
    *next++ = reinterpret_cast<const std::byte*>(tensor) +
              128;  // sizes and offset; the storage stands at the front
    *next++ = slot.storage().unsafeGetStorageImpl();
  }
}

void Optimizer::adopt_fresh_states() {
  for (auto& [key, state] : fresh_) state_[key] = std::move(state);
}

void Optimizer::turn(Mode to) {
  if (mode_ == to) return;
  const torch::NoGradGuard no_gradients;
  floats_.clear();
  doubles_.clear();
  std::size_t index = 0;
  for (std::size_t g = 0; g < param_groups_.size(); ++g) {
    for (const torch::Tensor& parameter : param_groups_[g].params()) {
      const auto found = state_.find(key_of_parameter(parameter));
      if (found != state_.end() && rule(g).table().two_points)
        lay_out(index, parameter, parameter,
                static_cast<ParamState&>(*found->second));  // no gradient is looked at
      ++index;
    }
    floats_.driver.turn(to, rule(g), floats_.leaves, execution());
    doubles_.driver.turn(to, rule(g), doubles_.leaves, execution());
    floats_.clear();
    doubles_.clear();
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

template <class T>
void Optimizer::run(Lane<T>& lane, std::size_t group) {
  const std::size_t begin = lane.group_begin[group], count = lane.group_begin[group + 1] - begin;
  if (count == 0) return;
  if (lane.driver.step(chain(group), std::span(lane.leaves).subspan(begin, count), execution()))
    for (ParamState* state : std::span(lane.states).subspan(begin, count)) ++state->step;
  else
    ++skipped_;
}

Optimizer::Key Optimizer::key_of_parameter(const torch::Tensor& parameter) { return key_of<Key>(parameter); }

ParamState& Optimizer::state_of(std::size_t index, const torch::Tensor& parameter,
                                const kernels::AnyRule& rule) {
  if (bound_.size() <= index) bound_.resize(index + 1);
  Bound& bound = bound_[index];
  if (bound.parameter != parameter.unsafeGetTensorImpl())
    bound = {parameter.unsafeGetTensorImpl(), key_of_parameter(parameter)};
  const auto found = state_.find(bound.key);
  if (found != state_.end()) {
    auto& state = static_cast<ParamState&>(*found->second);
    note_headers(bound, state);
    return state;
  }
  auto state = std::make_unique<ParamState>();
  for (std::size_t i = 0; i < rule.slot_count(); ++i)
    state->slots.push_back(rule.table().starts_as_weight(i)
                               ? parameter.detach().clone(at::MemoryFormat::Preserve)
                               : torch::full_like(parameter, rule.initial(i)));
  state->numbers.assign(rule.table().numbers, 1.0);
  return *fresh_.emplace_back(bound.key, std::move(state)).second;
}

void Optimizer::lay_out(std::size_t index, const torch::Tensor& parameter, const torch::Tensor& gradient,
                        ParamState& state) {
  const torch::Tensor *weight = &parameter, *slope = &gradient;
  if (!parameter.is_non_overlapping_and_dense())
    weight = &write_back_.emplace_back(parameter, parameter.clone(at::MemoryFormat::Preserve)).second;
  if (!in_same_order(gradient, *weight))
    slope = &kept_.emplace_back(torch::empty_like(*weight).copy_(gradient));
  for (torch::Tensor& slot : state.slots)  // a loaded one may be laid out in another order
    if (!in_same_order(slot, *weight)) slot = torch::empty_like(*weight).copy_(slot);
  if (weight->scalar_type() == torch::kFloat32)
    push(floats_, index, *weight, *slope, state);
  else
    push(doubles_, index, *weight, *slope, state);
  parameter.unsafeGetTensorImpl()
      ->bump_version();  // as any in-place operation does, so that autograd notices misuse
}

template <class T>
void Optimizer::push(Lane<T>& lane, std::size_t index, const torch::Tensor& weight,
                     const torch::Tensor& gradient, ParamState& state) {
  const std::size_t rows = weight.dim() >= 2 ? static_cast<std::size_t>(weight.size(0)) : 0;
  kernels::Leaf<T>& leaf = lane.leaves.emplace_back();
  leaf = {{values<T>(weight), values<T>(gradient), {}, static_cast<std::size_t>(weight.numel())},
          state.step + 1,
          rows,
          index,
          state.numbers};
  for (std::size_t i = 0; i < state.slots.size(); ++i) leaf.tile.slots[i] = values<T>(state.slots[i]);
  lane.states.push_back(&state);
}

std::int64_t Optimizer::state_bytes() const {
  std::int64_t bytes = 0;
  for (const auto& [key, state] : state_)
    for (const torch::Tensor& slot : static_cast<const ParamState&>(*state).slots)
      bytes += static_cast<std::int64_t>(slot.nbytes());
  return bytes;
}

}  // namespace basin::optim
