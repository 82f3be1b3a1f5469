// A kernel that is compiled while the program runs, by the NVRTC of the CUDA toolkit that basin was built
// with.
#pragma once
#include <c10/core/Device.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace basin::optim {

class GpuKernel {
 public:
  // Returns whether this build of basin, which follows that of libtorch, compiles kernels for the device.
  static bool serves(c10::Device device);

  // Compiles `source`, which contains an extern "C" kernel `step`.
  //
  // Throws  Error with the compiler's message if it does not compile
  // Cost    about 0.1 to 0.5 s
  GpuKernel(const std::string& source, c10::Device device);
  ~GpuKernel();
  GpuKernel(const GpuKernel&) = delete;
  GpuKernel& operator=(const GpuKernel&) = delete;

  // Runs at least `threads` threads on the current stream of the device. `arguments` point to the kernel's
  // arguments.
  void launch(std::int64_t threads, std::span<void*> arguments) const;

 private:
  struct Loaded;
  std::unique_ptr<Loaded> loaded_;
};

}  // namespace basin::optim
