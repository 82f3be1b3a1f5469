// For a libtorch without CUDA.
#include "basin/core/error.hpp"
#include "basin/optim/gpu_kernel.hpp"

namespace basin::optim {

struct GpuKernel::Loaded {};

bool GpuKernel::serves(c10::Device) { return false; }
GpuKernel::GpuKernel(const std::string&, c10::Device) { throw Error("this libtorch has no CUDA"); }
GpuKernel::~GpuKernel() = default;
void GpuKernel::launch(std::int64_t, std::span<void*>) const {}

}  // namespace basin::optim
