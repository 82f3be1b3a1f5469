// One step of a chain where the weights are not in this machine's memory: the same formulas, over tensors; or, of float32 and
// float64 on a GPU with CUDA, as one kernel (gpu_step.hpp), as far as the chain works weight by weight.
//
// Promise  of that kernel the numbers of the loops on the CPU, bit for bit, but for subnormal doubles; of tensors, and of sums, up
//          to rounding, as long as float32 holds the squares
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
  Step step = 1;                   // that this one is
  std::uint64_t number = 0;        // of the parameter; keys its randomness
  std::span<double> numbers = {};  // that the rule remembers
};

using Totals = std::span<const std::optional<kernels::Total>>;  // as in kernels::Execution

// False, and nothing changes, when a link leaves the step out. Throws InputError for a rule or a link from outside this
// tree that has not been made known by `with_tensors` (tensor_instance.hpp).
bool tensor_step(const kernels::Chain& chain, std::span<const TensorLeaf> leaves, Totals totals = {});
// As Driver::total.
std::optional<kernels::Total> tensor_total(const kernels::Chain& chain, std::size_t i,
                                           std::span<const TensorLeaf> leaves, Totals totals = {});
// As Driver::turn.
void tensor_turn(Mode to, const kernels::AnyRule& rule, std::span<const TensorLeaf> leaves);

}  // namespace basin::optim
