// Options and state in basin's own form, as the class Optimizer keeps them, and a view that serves any other form.
#pragma once
#include <torch/optim/optimizer.h>
#include <torch/types.h>

#include <array>
#include <span>
#include <vector>

#include "basin/kernels/chain.hpp"

namespace basin::optim {

// The options of one parameter group: a rule with its knobs, and the links around it. Both may be changed between steps:
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

// What the optimizer remembers of one parameter. Slots have the parameter's sizes and strides, or those
// that their kind says (slot_sizes), and are named by rule.info().slots; an undefined one starts at the next step.
struct ParamState : torch::optim::OptimizerCloneableParamState<ParamState> {
  void serialize(torch::serialize::InputArchive& archive) override;
  void serialize(torch::serialize::OutputArchive& archive) const override;

  Step step = 0;  // taken so far
  std::vector<torch::Tensor> slots;
  std::vector<double> numbers;  // that the rule remembers beside its slots
};

// The key of a parameter in `state()`: a string in libtorch 1.13, a pointer in 2.x.
using StateKey =
    std::remove_reference_t<decltype(std::declval<torch::optim::Optimizer&>().state())>::key_type;
StateKey key_of(const torch::Tensor& parameter);

// In 16 bits: bfloat16 or float16.
inline bool is_packed(const torch::Tensor& parameter) {
  return parameter.scalar_type() == torch::kBFloat16 || parameter.scalar_type() == torch::kHalf;
}

// What of a parameter a slot holds a number for, and in which format.
struct SlotKind {
  Extent extent = Extent::weight;
  kernels::SlotFormat format = kernels::SlotFormat::native;
  // A number for each weight, and so of the parameter's sizes.
  bool is_like_parameter() const {
    return extent == Extent::weight && format != kernels::SlotFormat::eight_bit;
  }
};
SlotKind slot_kind(const kernels::AnyRule& rule, std::size_t slot);
// Whether two tensors have the same sizes. Without a call, which costs as much as all else of a small tensor's step.
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
// Whether every element of a dense tensor lies within its storage. It does not once the storage has been made smaller.
inline bool in_memory(const torch::Tensor& tensor) {
  if (tensor.numel() == 0) return true;
  if (tensor.layout() != torch::kStrided || !tensor.storage()) return false;
  const std::int64_t reached =
      tensor.is_contiguous() ? tensor.storage_offset() + tensor.numel() : elements_reached(tensor);
  return static_cast<std::size_t>(reached) * tensor.dtype().itemsize() <= tensor.storage().nbytes();
}

// As the type of a slot tells it: bfloat16, bytes, or any other.
kernels::SlotFormat format_of(const torch::Tensor& slot);

// The type of a slot: native, the parameter's own, or float32 where that is packed.
torch::ScalarType slot_type(const torch::Tensor& parameter, SlotKind kind = {});
// The sizes of a slot: those of the parameter; all 1 but the first for its rows, and 1 in the first for its columns. With fewer
// than two dimensions it is one row, and each weight a column. In 8 bits, a row of 260 bytes for each kernels::SlotBlock.
std::vector<std::int64_t> slot_sizes(const torch::Tensor& parameter, SlotKind kind);
// Whether a slot has the sizes and the type of one of this parameter, and all its elements in memory.
bool fits(const torch::Tensor& slot, const torch::Tensor& parameter, SlotKind kind = {});
// How one that does not fit differs: "of shape [2] and type Double; wanted [1] and Float".
std::string misfit(const torch::Tensor& slot, const torch::Tensor& parameter, SlotKind kind);

// One without values, laid out in memory as its parameter is; in 8 bits, its numbers in the order of the parameter's memory.
torch::Tensor slot_like(const torch::Tensor& parameter, SlotKind kind = {});
// The same of a number in each place.
torch::Tensor filled_slot(const torch::Tensor& parameter, SlotKind kind, double value);
// What a slot that fits holds, as a native one has it: exact, and the slot itself where it is native.
torch::Tensor widened(const torch::Tensor& slot, const torch::Tensor& parameter, SlotKind kind);
// The other way round, rounded. Requires: as many values as the parameter has.
torch::Tensor narrowed(const torch::Tensor& values, const torch::Tensor& parameter, SlotKind kind);

// Where the state of one parameter lies, whatever its class.
struct StateView {
  Step taken = 0;                 // steps so far
  std::int64_t* count = nullptr;  // where they are counted, if they are
  std::array<torch::Tensor*, kernels::most_slots> slots{};
  std::span<double> numbers{};
};

}  // namespace basin::optim
