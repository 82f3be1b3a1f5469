// How a step looks at its parameters: once at each, before anything changes.
#include <torch/types.h>

#include "basin/optim/shadow.hpp"
#include "basin/optim/step_checks.hpp"

namespace basin::optim {
namespace {

// Whether a slot lies in memory as `slot_like` would lay it.
bool is_laid_out(const torch::Tensor& slot, const torch::Tensor& weight, SlotKind kind) {
  if (!fits(slot, weight, kind) || slot.device() != weight.device()) return false;
  if (kind.format == kernels::SlotFormat::eight_bit) return slot.is_contiguous();
  if (kind.extent == Extent::weight) return in_same_order(slot, weight);
  if (kind.extent == Extent::column && weight.dim() >= 2 && weight.numel() > 0)
    return in_same_order(slot, weight.narrow(0, 0, 1));
  return slot.is_contiguous();
}

// Values that are computed when they are read: of a negative view, and of zeros that take no memory.
bool is_lazy(const torch::Tensor& tensor) { return tensor.is_neg() || tensor._is_zerotensor(); }

// Whether rows lie one after the other, each in one piece.
bool rows_in_order(const torch::Tensor& weight) {
  return weight.is_contiguous() || weight.dim() < 2 || weight.size(0) == 1 ||
         weight.stride(0) * weight.size(0) == weight.numel();
}

bool looks_at_rows(const kernels::Chain& chain) {
  const auto sums_rows = [](const kernels::AnyLink& link) { return link.info().scope == Scope::row; };
  return chain.rule.table().by_matrix || std::ranges::any_of(chain.before, sums_rows) ||
         std::ranges::any_of(chain.after, sums_rows);
}

// Without libtorch's look at the type, which has been looked at.
template <class T>
T* values(const torch::Tensor& tensor) {
  return static_cast<T*>(tensor.data_ptr());
}

}  // namespace

// Looks at every parameter once, and changes nothing: with thousands of small tensors, a step is as long as its way
// through their headers, which lie all over memory.
void Optimizer::gather() {
  settle();
  forget_layout();
  fresh_.clear();
  std::size_t index = 0;
  for (std::size_t g = 0; g < param_groups_.size(); ++g) gather_group(g, index);
  begin_group();
}

// The same of parameters that have two points, whose gradients are not looked at.
void Optimizer::gather_points() {
  settle();
  forget_layout();
  std::size_t index = 0;
  for (std::size_t g = 0; g < param_groups_.size(); ++g) {
    begin_group();
    const kernels::Chain& chain = chain_of(g);
    for (const torch::Tensor& parameter : param_groups_[g].params()) {
      OptimizerParamState* const state = find_state(parameter);
      if (state && chain.rule.table().two_points) {
        check_parameter(index, parameter, parameter, chain);
        lay_out(index, parameter, parameter, chain, view(*state, chain.rule));
      }
      ++index;
    }
  }
  begin_group();
}

// Also ends the one before.
void Optimizer::begin_group() {
  floats_.group_begin.push_back(floats_.leaves.size());
  doubles_.group_begin.push_back(doubles_.leaves.size());
  elsewhere_.group_begin.push_back(elsewhere_.leaves.size());
}

void Optimizer::clear_lanes() {
  floats_.clear();
  doubles_.clear();
  elsewhere_.clear();
}

void Optimizer::gather_group(std::size_t group, std::size_t& index) {
  begin_group();
  const kernels::Chain& chain = chain_of(group);
  const kernels::AnyRule& rule = chain.rule;
  for (const torch::Tensor& parameter : param_groups_[group].params()) {
    fetch_headers(index + 8);
    const torch::Tensor& gradient = parameter.grad();
    if (gradient.defined()) {
      check_parameter(index, parameter, gradient, chain);
      lay_out(index, parameter, gradient, chain, state_of(index, parameter, rule));
    }
    ++index;
  }
}

// With 10,000 tensors the step waits for their headers, one behind the other, unless it asks for them early.
void Optimizer::fetch_headers(std::size_t index) const {
  if (index >= bound_.size()) return;
  for (const void* header : bound_[index].headers) {
    if (!header) return;
    __builtin_prefetch(header);
  }
}

void Optimizer::note_headers(Bound& bound, const OptimizerParamState& state, const StateView& seen) {
  if (bound.headers.front() == &state) return;
  bound.headers.fill(nullptr);
  auto next = bound.headers.begin();
  *next++ = &state;
  *next++ = seen.slots[0];
  for (const torch::Tensor* slot : seen.slots) {
    if (!slot || !slot->defined()) continue;
    const torch::TensorImpl* const tensor = slot->unsafeGetTensorImpl();
    *next++ = tensor;
    *next++ = reinterpret_cast<const std::byte*>(tensor) +
              128;  // sizes and offset; the storage stands at the front
    *next++ = slot->storage().unsafeGetStorageImpl();
  }
}

StateView Optimizer::state_of(std::size_t index, const torch::Tensor& parameter,
                              const kernels::AnyRule& rule) {
  if (bound_.size() <= index) bound_.resize(index + 1);
  Bound& bound = bound_[index];
  if (bound.parameter != parameter.unsafeGetTensorImpl())
    bound = {parameter.unsafeGetTensorImpl(), key_of(parameter)};
  if (const auto found = state_.find(bound.key); found != state_.end() && found->second) {
    const StateView seen = view(*found->second, rule);
    note_headers(bound, *found->second, seen);
    return seen;
  }
  std::unique_ptr<OptimizerParamState> state = fresh_state(rule);
  if (!state) return {};
  return view(*fresh_.emplace_back(bound.key, std::move(state)).second, rule);
}

void Optimizer::adopt_fresh_states() {
  for (auto& [key, state] : fresh_) state_[key] = std::move(state);
}

void Optimizer::lay_out(std::size_t index, const torch::Tensor& parameter, const torch::Tensor& gradient,
                        const kernels::Chain& chain, const StateView& state) {
  const torch::Tensor *weight = &parameter, *slope = &gradient;
  if (!parameter.is_non_overlapping_and_dense() || is_lazy(parameter) ||
      (!rows_in_order(parameter) && looks_at_rows(chain))) {
    const auto order = looks_at_rows(chain) ? at::MemoryFormat::Contiguous : at::MemoryFormat::Preserve;
    weight = &write_back_.emplace_back(parameter, parameter.clone(order)).second;
  }
  const bool sparse = gradient.layout() != torch::kStrided;
  if (!sparse && (!in_same_order(gradient, *weight) || is_lazy(gradient)))
    slope = &kept_.emplace_back(torch::empty_like(*weight).copy_(gradient));
  make_slots(index, *weight, chain.rule, state);
  parameter.unsafeGetTensorImpl()
      ->bump_version();  // as any in-place operation does, so that autograd notices misuse
  if (!weight->device().is_cpu()) return push_elsewhere(index, *weight, *slope, state);
  const auto take = [&](auto& lane) {
    if (sparse)
      push_rows(lane, index, *weight, *slope, state);
    else
      push(lane, state, leaf_of(lane, index, *weight, slope->data_ptr(), state));
    if (shadow_ && !sparse && weight == &parameter) cast_shadow(lane.leaves.back(), parameter);
  };
  if (weight->scalar_type() == torch::kFloat64)
    take(doubles_);
  else
    take(floats_);
}

void Optimizer::push_elsewhere(std::size_t index, const torch::Tensor& weight, const torch::Tensor& gradient,
                               const StateView& state) {
  TensorLeaf& leaf = elsewhere_.leaves.emplace_back();
  leaf.weight = weight.detach();
  leaf.gradient = gradient;
  for (std::size_t i = 0; i < state.slots.size() && state.slots[i]; ++i) leaf.slots[i] = *state.slots[i];
  leaf.step = state.taken + 1;
  leaf.number = index;
  leaf.numbers = state.numbers;
  elsewhere_.counts.push_back(state.count);
}

void Optimizer::make_slots(std::size_t index, const torch::Tensor& weight, const kernels::AnyRule& rule,
                           const StateView& state) {
  for (std::size_t i = 0; i < rule.slot_count(); ++i) {
    torch::Tensor& slot = *state.slots[i];
    const SlotKind kind = slot_kind(rule, i);
    if (slot.defined() && is_laid_out(slot, weight, kind)) continue;
    if (slot.defined() && !fits(slot, weight, kind))
      refuse_parameter(
          index, rule.info().name,
          " has a state with " + std::string(rule.info().slots[i]) + " " + misfit(slot, weight, kind));
    if (slot.defined())  // a loaded one may be laid out in another order
      slot = slot_like(weight, kind).copy_(slot);
    else if (rule.table().starts_as_weight(i))
      slot = slot_like(weight, kind).copy_(weight);
    else
      slot = filled_slot(weight, kind, rule.initial(i));
  }
}

template <class T>
kernels::Leaf<T> Optimizer::leaf_of(const Lane<T>&, std::size_t index, const torch::Tensor& weight,
                                    const void* gradient, const StateView& state) {
  kernels::Leaf<T> leaf{};  // null what is not set
  leaf.step = state.taken + 1;
  leaf.rows = weight.dim() >= 2 ? static_cast<std::size_t>(weight.size(0)) : 0;
  leaf.number = index;
  leaf.numbers = state.numbers;
  leaf.tile.size = static_cast<std::size_t>(weight.numel());
  if (is_packed(weight)) {
    leaf.packed = {
        weight.scalar_type() == torch::kHalf ? kernels::Format::float16 : kernels::Format::bfloat16,
        values<std::uint16_t>(weight), static_cast<const std::uint16_t*>(gradient)};
  } else {
    leaf.tile.weight = values<T>(weight);
    leaf.tile.gradient = static_cast<const T*>(gradient);
  }
  for (std::size_t i = 0; i < state.slots.size() && state.slots[i]; ++i) {
    const torch::Tensor& slot = *state.slots[i];
    if (const auto format = format_of(slot); format == kernels::SlotFormat::native)
      leaf.tile.slots[i] = values<T>(slot);
    else
      leaf.packed_slots.format = format, leaf.packed_slots.slots[i] = slot.data_ptr();
  }
  return leaf;
}

// What follows the parameter, where it can do so in the same pass.
template <class T>
void Optimizer::cast_shadow(kernels::Leaf<T>& leaf, const torch::Tensor& weight) const {
  const torch::Tensor* const shadow = shadow_->of(weight);
  if (shadow && leaf.packed.format == kernels::Format::native && in_same_order(*shadow, weight) &&
      shadow->scalar_type() == weight.scalar_type())
    leaf.shadow = values<T>(*shadow);
}

template <class T>
void Optimizer::push(Lane<T>& lane, const StateView& state, const kernels::Leaf<T>& leaf) {
  lane.leaves.push_back(leaf);
  lane.counts.push_back(state.count);
}

// One leaf for each run of neighbouring rows that the gradient has. An empty one counts the step.
template <class T>
void Optimizer::push_rows(Lane<T>& lane, std::size_t index, const torch::Tensor& weight,
                          const torch::Tensor& gradient, const StateView& state) {
  auto& sums = bound_[index].rows;
  if (!sums) sums = std::make_unique<RowSums>();
  const auto [indices, slopes] = (*sums)(gradient);
  kept_.push_back(slopes);
  const auto* const rows = indices.data_ptr<std::int64_t>();
  const std::int64_t count = indices.numel();
  const auto row_size = static_cast<std::size_t>(weight.size(0) > 0 ? weight.numel() / weight.size(0) : 0);
  const auto all = leaf_of(lane, index, weight, slopes.data_ptr(), state);
  push(lane, state, all.part(0, 0, 0));
  for (std::int64_t i = 0, end; i < count; i = end) {
    for (end = i + 1; end < count && rows[end] == rows[end - 1] + 1;) ++end;
    lane.leaves.push_back(all.part(static_cast<std::size_t>(rows[i]) * row_size,
                                   static_cast<std::size_t>(i) * row_size,
                                   static_cast<std::size_t>(end - i) * row_size));
    lane.counts.push_back(nullptr);
  }
}

// What had to be laid out anew goes back where it came from.
void Optimizer::give_back() {
  for (auto& [parameter, dense] : write_back_) parameter.copy_(dense);
  forget_layout();
}

void Optimizer::forget_layout() {
  clear_lanes();
  write_back_.clear();
  kept_.clear();
}

}  // namespace basin::optim
