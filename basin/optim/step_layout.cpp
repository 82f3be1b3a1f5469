#include "basin/optim/step_layout.hpp"

#include "basin/optim/shadow.hpp"
#include "basin/optim/step_checks.hpp"

namespace basin::optim {
namespace {

// Whether a slot lies in memory as `slot_like` would lay it.
bool is_laid_out(const torch::Tensor& slot, const torch::Tensor& weight, SlotKind kind) {
  if (slot.device() != weight.device()) return false;
  if (kind.is_like_parameter())  // most are: one look at the sizes is enough
    return slot.scalar_type() == slot_type(weight, kind) && slot.layout() == torch::kStrided &&
           in_memory(slot) && in_same_order(slot, weight);
  if (!fits(slot, weight, kind)) return false;
  if (kind.extent == Extent::column && weight.dim() >= 2 && weight.numel() > 0)
    return same_strides(slot, weight.narrow(0, 0, 1));
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

// Newer libtorches share a storage until it is written.
template <class Storage>
char* begin_of(const Storage& storage) {
  if constexpr (requires { storage.mutable_data(); })
    return static_cast<char*>(storage.mutable_data());
  else
    return static_cast<char*>(storage.data());
}

// Where the elements of a tensor in memory begin, without libtorch's look at what has been looked at.
template <class T>
T* values(const torch::Tensor& tensor) {
  char* const begin = begin_of(tensor.storage());
  return begin ? reinterpret_cast<T*>(begin) + tensor.storage_offset() : nullptr;
}

void make_slots(std::size_t index, const torch::Tensor& weight, const kernels::AnyRule& rule,
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
kernels::Leaf<T> leaf_of(std::size_t index, const torch::Tensor& weight, const torch::Tensor& gradient,
                         const StateView& state) {
  kernels::Leaf<T> leaf{};  // null what is not set
  leaf.step = state.taken + 1;
  leaf.rows = weight.dim() >= 2 ? static_cast<std::size_t>(weight.size(0)) : 0;
  leaf.number = index;
  leaf.numbers = state.numbers;
  leaf.tile.size = static_cast<std::size_t>(weight.numel());
  if (is_packed(weight)) {
    leaf.packed = {
        weight.scalar_type() == torch::kHalf ? kernels::Format::float16 : kernels::Format::bfloat16,
        values<std::uint16_t>(weight), values<std::uint16_t>(gradient)};
  } else {
    leaf.tile.weight = values<T>(weight);
    leaf.tile.gradient = values<T>(gradient);
  }
  for (std::size_t i = 0; i < state.slots.size() && state.slots[i]; ++i) {
    const torch::Tensor& slot = *state.slots[i];
    if (const auto format =
            slot.scalar_type() == torch::kFloat32 ? kernels::SlotFormat::native : format_of(slot);
        format == kernels::SlotFormat::native)
      leaf.tile.slots[i] = values<T>(slot);
    else
      leaf.packed_slots.format = format, leaf.packed_slots.slots[i] = slot.data_ptr();
  }
  return leaf;
}

// What follows the parameter, where it can do so in the same pass.
template <class T>
void cast_shadow(kernels::Leaf<T>& leaf, const torch::Tensor& weight, const Shadow& shadows) {
  const torch::Tensor* const shadow = shadows.of(weight);
  if (shadow && leaf.packed.format == kernels::Format::native && in_same_order(*shadow, weight) &&
      shadow->scalar_type() == weight.scalar_type())
    leaf.shadow = values<T>(*shadow);
}

template <class T>
void push(Lane<T>& lane, const StateView& state, const kernels::Leaf<T>& leaf) {
  lane.leaves.push_back(leaf);
  lane.counts.push_back(state.count);
}

}  // namespace

void StepLayout::begin_group() {
  floats.begin_group();
  doubles.begin_group();
  elsewhere.begin_group();
}

void StepLayout::add(std::size_t index, const torch::Tensor& parameter, const torch::Tensor& gradient,
                     const kernels::Chain& chain, const StateView& state, const Shadow* shadow) {
  const torch::Tensor *weight = &parameter, *slope = &gradient;
  if (!parameter.is_non_overlapping_and_dense() || is_lazy(parameter) ||
      (!rows_in_order(parameter) && looks_at_rows(chain))) {
    const auto order = looks_at_rows(chain) ? at::MemoryFormat::Contiguous : at::MemoryFormat::Preserve;
    weight = &write_back_.emplace_back(parameter, parameter.clone(order)).second;
  }
  const bool sparse = gradient.layout() != torch::kStrided;
  if (!sparse && (!same_strides(gradient, *weight) || is_lazy(gradient)))
    slope = &kept_.emplace_back(torch::empty_like(*weight).copy_(gradient));
  make_slots(index, *weight, chain.rule, state);
  parameter.unsafeGetTensorImpl()
      ->bump_version();  // as any in-place operation does, so that autograd notices misuse
  if (!weight->device().is_cpu()) return push_elsewhere(index, *weight, *slope, state);
  const auto take = [&]<class T>(Lane<T>& lane) {
    if (sparse) return push_rows(lane, index, *weight, *slope, state);
    push(lane, state, leaf_of<T>(index, *weight, *slope, state));
    if (shadow && weight == &parameter) cast_shadow(lane.leaves.back(), parameter, *shadow);
  };
  weight->scalar_type() == torch::kFloat64 ? take(doubles) : take(floats);
}

void StepLayout::push_elsewhere(std::size_t index, const torch::Tensor& weight, const torch::Tensor& gradient,
                                const StateView& state) {
  TensorLeaf& leaf = elsewhere.leaves.emplace_back();
  leaf.weight = weight.detach();
  leaf.gradient = gradient;
  for (std::size_t i = 0; i < state.slots.size() && state.slots[i]; ++i) leaf.slots[i] = *state.slots[i];
  leaf.step = state.taken + 1;
  leaf.number = index;
  leaf.numbers = state.numbers;
  elsewhere.counts.push_back(state.count);
}

// One leaf for each run of neighbouring rows that the gradient has. An empty one counts the step.
template <class T>
void StepLayout::push_rows(Lane<T>& lane, std::size_t index, const torch::Tensor& weight,
                           const torch::Tensor& gradient, const StateView& state) {
  if (rows_.size() <= index) rows_.resize(index + 1);
  auto& sums = rows_[index];
  if (!sums) sums = std::make_unique<RowSums>();
  const auto [indices, slopes] = (*sums)(gradient);
  kept_.push_back(slopes);
  const auto* const rows = indices.data_ptr<std::int64_t>();
  const std::int64_t count = indices.numel();
  const auto row_size = static_cast<std::size_t>(weight.size(0) > 0 ? weight.numel() / weight.size(0) : 0);
  const auto all = leaf_of<T>(index, weight, slopes, state);
  push(lane, state, all.part(0, 0, 0));
  for (std::int64_t i = 0, end; i < count; i = end) {
    for (end = i + 1; end < count && rows[end] == rows[end - 1] + 1;) ++end;
    lane.leaves.push_back(all.part(static_cast<std::size_t>(rows[i]) * row_size,
                                   static_cast<std::size_t>(i) * row_size,
                                   static_cast<std::size_t>(end - i) * row_size));
    lane.counts.push_back(nullptr);
  }
}

void StepLayout::give_back() {
  for (auto& [parameter, dense] : write_back_) parameter.copy_(dense);
  clear();
}

void StepLayout::clear() {
  floats.clear();
  doubles.clear();
  elsewhere.clear();
  write_back_.clear();
  kept_.clear();
}

}  // namespace basin::optim
