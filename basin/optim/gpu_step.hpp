// The part of a chain that works weight by weight, as one kernel on the GPU, which reads and writes each
// weight, gradient and slot once. The kernel is generated from the formulas (kernels/chain_source.hpp) and
// compiled at the first step of a chain.
#pragma once
#include <optional>
#include <vector>

#include "basin/optim/tensor_step.hpp"

namespace basin::optim {

class GpuKernel;

class GpuStep {
 public:
  // Returns nothing if there is no kernel: for parameters that are not float32 or float64 on a GPU, for
  // chains for which `links_apart` returns nothing, and if CUDA does not accept the kernel, after one
  // warning. The chain must outlive the result.
  static std::optional<GpuStep> of(const kernels::Chain& chain, std::span<const TensorLeaf> leaves);

  // The number of links that must act on tensors first.
  std::size_t first() const { return first_; }
  // Takes one step of leaf l, with the gradient after those links, and the sums of the rule.
  void operator()(std::size_t l, const TensorLeaf& leaf, const at::Tensor& gradient, const Sums& sums) const;

 private:
  GpuStep(const kernels::Chain& chain, std::size_t first) : chain_(&chain), first_(first) {}

  const kernels::Chain* chain_;
  std::size_t first_;
  std::vector<const GpuKernel*> kernels_;  // one per leaf
};

}  // namespace basin::optim
