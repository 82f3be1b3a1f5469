// A kernel that is compiled while the program runs, by NVRTC of the CUDA toolkit that basin was built with.
#pragma once
#include <c10/core/Device.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace basin::optim {

class GpuKernel {
 public:
  // Whether this build of basin, which is made with libtorch's, compiles kernels for the device.
  static bool serves(c10::Device device);

  // `source` has an extern "C" kernel `step`. Throws Error with the compiler's words when it does not compile.
  // Cost  some 0.1 to 0.5 s
  GpuKernel(const std::string& source, c10::Device device);
  ~GpuKernel();
  GpuKernel(const GpuKernel&) = delete;
  GpuKernel& operator=(const GpuKernel&) = delete;

  // Over `threads` threads or a few more, on the current stream of the device; `arguments` point to what the kernel takes.
  void launch(std::int64_t threads, std::span<void*> arguments) const;

 private:
  struct Loaded;
  std::unique_ptr<Loaded> loaded_;
};

}  // namespace basin::optim
