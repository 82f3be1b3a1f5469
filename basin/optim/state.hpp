// Options and state in basin's own form, as the class Optimizer stores them, and a view that works for any
// other form.
#pragma once
#include <torch/optim/optimizer.h>
#include <torch/types.h>

#include <array>
#include <span>
#include <vector>

#include "basin/kernels/chain.hpp"

namespace basin::optim {

// The options of one parameter group: a rule with its knobs, and the links around it. Both may be changed
// between steps:
//
//   auto& options = static_cast<basin::optim::Options&>(optimizer.param_groups()[0].options());
//   options.chain.rule.set("beta1", 0.95);
struct Options : torch::optim::OptimizerCloneableOptions<Options> {
  explicit Options(kernels::Chain c) : chain(std::move(c)) {}
  // Throws InputError for a rate outside its range.
  void set_lr(double lr) override { chain.rule.set("lr", lr); }
  double get_lr() const override { return chain.rule.lr(); }
  void serialize(torch::serialize::InputArchive& archive) override;
  void serialize(torch::serialize::OutputArchive& archive) const override;

  kernels::Chain chain;
};

// The state of one parameter. Slots are named by rule.info().slots, and have the sizes and strides of the
// parameter, or those of their kind (slot_sizes). An undefined slot is created at the next step.
struct ParamState : torch::optim::OptimizerCloneableParamState<ParamState> {
  void serialize(torch::serialize::InputArchive& archive) override;
  void serialize(torch::serialize::OutputArchive& archive) const override;

  Step step = 0;  // taken so far
  std::vector<torch::Tensor> slots;
  std::vector<double> numbers;  // the rule's numbers besides its slots
};

// The key of a parameter in `state()`: a string in libtorch 1.13, a pointer in 2.x.
using StateKey =
    std::remove_reference_t<decltype(std::declval<torch::optim::Optimizer&>().state())>::key_type;
StateKey key_of(const torch::Tensor& parameter);

// In 16 bits: bfloat16 or float16.
inline bool is_packed(const torch::Tensor& parameter) {
  return parameter.scalar_type() == torch::kBFloat16 || parameter.scalar_type() == torch::kHalf;
}

// The extent of a slot, and its format.
struct SlotKind {
  Extent extent = Extent::weight;
  kernels::SlotFormat format = kernels::SlotFormat::native;
  // A number for each weight, and so of the parameter's sizes.
  bool is_like_parameter() const {
    return extent == Extent::weight && format != kernels::SlotFormat::eight_bit;
  }
};
SlotKind slot_kind(const kernels::AnyRule& rule, std::size_t slot);
// Whether two tensors have the same sizes. Without a call, which costs as much as all else of a small
// tensor's step.
inline bool same_sizes(const torch::Tensor& a, const torch::Tensor& b) {
  const at::IntArrayRef x = a.sizes(), y = b.sizes();
  bool same = x.size() == y.size();
  for (std::size_t d = 0; same && d < x.size(); ++d) same = x[d] == y[d];
  return same;
}
// Whether two tensors of the same sizes lie in memory in the same order, without gaps.
inline bool same_strides(const torch::Tensor& a, const torch::Tensor& b) {
  if (a.is_contiguous() && b.is_contiguous()) return true;
  return a.strides() == b.strides() && a.is_non_overlapping_and_dense();
}
inline bool in_same_order(const torch::Tensor& a, const torch::Tensor& b) {
  return same_sizes(a, b) && same_strides(a, b);
}

// The number of elements that the storage of a dense tensor must hold.
std::int64_t elements_reached(const torch::Tensor& tensor);
// Whether every element of a dense tensor lies within its storage. It does not once the storage has been made
// smaller.
[[gnu::always_inline]] inline bool in_memory(const torch::Tensor& tensor) {
  if (tensor.numel() == 0) return true;
  const c10::Storage& storage = tensor.storage();
  if (!storage) return false;
  const std::int64_t reached =
      tensor.is_contiguous() ? tensor.storage_offset() + tensor.numel() : elements_reached(tensor);
  const std::size_t bytes = tensor.scalar_type() == torch::kFloat32 ? sizeof(float) : tensor.element_size();
  return static_cast<std::size_t>(reached) * bytes <= storage.nbytes();
}

// Returns the format that the type of a slot implies: bfloat16, bytes, or any other.
kernels::SlotFormat format_of(const torch::Tensor& slot);

// Returns the type of a slot: if native, the parameter's own, or float32 if that is packed.
torch::ScalarType slot_type(const torch::Tensor& parameter, SlotKind kind = {});
// Returns the sizes of a slot: those of the parameter; for rows, 1 in all dimensions but the first; for
// columns, 1 in the first. A tensor with fewer than two dimensions is one row, in which each weight is a
// column. In 8 bits, a row of 260 bytes for each kernels::SlotBlock.
std::vector<std::int64_t> slot_sizes(const torch::Tensor& parameter, SlotKind kind);
// Returns whether a slot has the sizes and type for this parameter, and all its elements in memory.
bool fits(const torch::Tensor& slot, const torch::Tensor& parameter, SlotKind kind = {});
// Describes the mismatch: "of shape [2] and type Double; wanted [1] and Float".
std::string misfit(const torch::Tensor& slot, const torch::Tensor& parameter, SlotKind kind);

// Returns a slot without values, laid out in memory like its parameter; in 8 bits, with numbers in the order
// of the parameter's memory.
torch::Tensor slot_like(const torch::Tensor& parameter, SlotKind kind = {});
// The same, filled with one value.
torch::Tensor filled_slot(const torch::Tensor& parameter, SlotKind kind, double value);
// Returns the contents of a slot that fits, as a native one would hold them: exact, and the slot itself if it
// is native.
torch::Tensor widened(const torch::Tensor& slot, const torch::Tensor& parameter, SlotKind kind);
// The reverse, with rounding. Requires as many values as the parameter has.
torch::Tensor narrowed(const torch::Tensor& values, const torch::Tensor& parameter, SlotKind kind);

// Points to the state of one parameter, whatever its class.
struct StateView {
  Step taken = 0;                 // number of steps so far
  std::int64_t* count = nullptr;  // where they are counted, if they are
  std::array<torch::Tensor*, kernels::most_slots> slots{};
  std::span<double> numbers{};
};

}  // namespace basin::optim
