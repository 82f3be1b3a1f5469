// The part of a chain that works weight by weight, as one kernel on the GPU: each weight, gradient and slot is read once and
// written once. The kernel is written from the formulas (kernels/chain_source.hpp) and compiled at the first step of a chain.
#pragma once
#include "basin/kernels/source.hpp"
#include "basin/optim/tensor_step.hpp"

namespace basin::optim {

class GpuKernel;

// How many links before the rule must have acted on tensors before a GpuStep takes the rest; nothing when it cannot: of
// parameters that are not float32 or float64 on a GPU, and of chains that `links_apart` says nothing of.
std::optional<std::size_t> links_before_gpu_step(const kernels::Chain& chain,
                                                 std::span<const TensorLeaf> leaves);

class GpuStep {
 public:
  // Of the chain without its `first` links. Uses the chain as long as it lives.
  GpuStep(const kernels::Chain& chain, std::size_t first) : chain_(chain), first_(first) {}

  // One step of one parameter, whose gradient is as those links left it; with the sums of the rule.
  void operator()(const TensorLeaf& leaf, const at::Tensor& gradient, const Sums& sums);

 private:
  bool fits(const at::Tensor& weight) const;  // the kernel at hand
  void find_kernel(const at::Tensor& weight);
  void compile(const at::Tensor& weight, const kernels::Source& source);

  const kernels::Chain& chain_;
  std::size_t first_;
  const GpuKernel* kernel_ = nullptr;  // for weights of this type on this device
  at::ScalarType type_ = at::kFloat;
  c10::Device device_ = c10::kCPU;
};

}  // namespace basin::optim
