// The part of a chain that works weight by weight, as one kernel on the GPU: each weight, gradient and slot is read once and
// written once. The kernel is written from the formulas (kernels/chain_source.hpp) and compiled at the first step of a chain.
#pragma once
#include <optional>
#include <vector>

#include "basin/optim/tensor_step.hpp"

namespace basin::optim {

class GpuKernel;

class GpuStep {
 public:
  // Nothing where there is none: for parameters that are not float32 or float64 on a GPU, for chains that `links_apart` says
  // nothing of, and where CUDA does not take the kernel, which is warned of once. Uses the chain as long as it lives.
  static std::optional<GpuStep> of(const kernels::Chain& chain, std::span<const TensorLeaf> leaves);

  // How many links must have acted on tensors before.
  std::size_t first() const { return first_; }
  // One step of leaf l, whose gradient is as those links left it; with the sums of the rule.
  void operator()(std::size_t l, const TensorLeaf& leaf, const at::Tensor& gradient, const Sums& sums) const;

 private:
  GpuStep(const kernels::Chain& chain, std::size_t first) : chain_(&chain), first_(first) {}

  const kernels::Chain* chain_;
  std::size_t first_;
  std::vector<const GpuKernel*> kernels_;  // of each leaf
};

}  // namespace basin::optim
