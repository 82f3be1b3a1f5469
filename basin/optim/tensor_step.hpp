// One step of a chain whose weights are outside this machine's memory: the same formulas, over tensors. For
// float32 and float64 on a GPU with CUDA, the part that works weight by weight is one kernel (gpu_step.hpp).
//
// Promise  that kernel gives the bits of the loops on the CPU, except for subnormal doubles; tensors, and
//          sums, agree up to rounding as long as float32 holds the squares
#pragma once
#include <ATen/ATen.h>

#include <array>
#include <optional>
#include <span>

#include "basin/kernels/driver.hpp"

namespace basin::optim {

struct TensorLeaf {
  at::Tensor weight, gradient;
  std::array<at::Tensor, kernels::most_slots> slots;
  Step step = 1;                   // the number of this step
  std::uint64_t number = 0;        // the number of the parameter; keys its randomness
  std::span<double> numbers = {};  // the rule's numbers
};

using Totals = std::span<const std::optional<kernels::Total>>;  // as in kernels::Execution

// Returns false if a link skips the step; nothing changes then. Throws InputError for a rule or a link from
// outside this tree that was not registered by `with_tensors` (tensor_instance.hpp).
bool tensor_step(const kernels::Chain& chain, std::span<const TensorLeaf> leaves, Totals totals = {});
// Like Driver::total.
std::optional<kernels::Total> tensor_total(const kernels::Chain& chain, std::size_t i,
                                           std::span<const TensorLeaf> leaves, Totals totals = {});
// Like Driver::turn.
void tensor_turn(Mode to, const kernels::AnyRule& rule, std::span<const TensorLeaf> leaves);

}  // namespace basin::optim
