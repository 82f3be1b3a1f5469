// The part of a chain that works weight by weight, as one kernel on the GPU: each weight, gradient and slot is read once and
// written once. The kernel is written from the formulas (kernels/chain_source.hpp) and compiled at the first step of a chain.
#pragma once
#include "basin/optim/tensor_step.hpp"

namespace basin::optim {

// How many links before the rule must have acted on tensors before `gpu_step` takes the rest; nothing when it cannot: of
// parameters that are not float32 or float64 on a GPU, and of chains that `links_apart` says nothing of.
std::optional<std::size_t> links_before_gpu_step(const kernels::Chain& chain,
                                                 std::span<const TensorLeaf> leaves);

// One step of one parameter, whose gradient is as the `first` links left it; with the sums of the rule.
void gpu_step(const kernels::Chain& chain, std::size_t first, const TensorLeaf& leaf,
              const at::Tensor& gradient, const Sums& sums);

}  // namespace basin::optim
