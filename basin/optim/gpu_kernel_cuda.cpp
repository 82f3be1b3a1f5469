// With a libtorch that has CUDA.
#include <ATen/cuda/CUDAContext.h>
#include <c10/cuda/CUDAGuard.h>
#include <cuda.h>
#include <dlfcn.h>
#include <nvrtc.h>

#include <vector>

#include "basin/core/error.hpp"
#include "basin/optim/gpu_kernel.hpp"

namespace basin::optim {
namespace {

constexpr unsigned threads_of_block = 256;

// What is asked of CUDA's driver. It is opened when a kernel is made, so that a program runs where there is none.
struct Driver {
  decltype(&cuModuleLoadData) load;
  decltype(&cuModuleGetFunction) find;
  decltype(&cuLaunchKernel) launch;
  decltype(&cuGetErrorString) words;
};

const Driver& driver() {
  static const Driver all = [] {
    void* const library = ::dlopen("libcuda.so.1", RTLD_NOW);
    if (!library) throw Error("CUDA's driver does not open: " + std::string(::dlerror()));
    const auto function = [&](auto& out, const char* name) {
      out = reinterpret_cast<std::remove_reference_t<decltype(out)>>(::dlsym(library, name));
      if (!out) throw Error("CUDA's driver has no " + std::string(name));
    };
    Driver found;
    function(found.load, "cuModuleLoadData");
    function(found.find, "cuModuleGetFunction");
    function(found.launch, "cuLaunchKernel");
    function(found.words, "cuGetErrorString");
    return found;
  }();
  return all;
}

void check(CUresult result, const char* what) {
  if (result == CUDA_SUCCESS) return;
  const char* words = "";
  driver().words(result, &words);
  throw Error("CUDA cannot " + std::string(what) + ": " + words);
}

std::string log_of(nvrtcProgram program) {
  std::size_t size = 0;
  nvrtcGetProgramLogSize(program, &size);
  std::string log(size, ' ');
  nvrtcGetProgramLog(program, log.data());
  return log;
}

// The source as PTX. Products and sums stay apart, so that a kernel has the bits of the loops.
std::string compiled(const std::string& source, c10::Device device) {
  const auto* const properties = at::cuda::getDeviceProperties(device.index());
  const std::string architecture =
      "--gpu-architecture=compute_" + std::to_string(properties->major) + std::to_string(properties->minor);
  const std::vector<const char*> options{architecture.c_str(), "--fmad=false", "--std=c++17"};
  nvrtcProgram program = nullptr;
  if (nvrtcCreateProgram(&program, source.c_str(), "basin_step.cu", 0, nullptr, nullptr) != NVRTC_SUCCESS)
    throw Error("NVRTC makes no program of a step");
  const auto result = nvrtcCompileProgram(program, static_cast<int>(options.size()), options.data());
  std::string ptx, log = log_of(program);
  if (result == NVRTC_SUCCESS) {
    std::size_t size = 0;
    nvrtcGetPTXSize(program, &size);
    ptx.resize(size);
    nvrtcGetPTX(program, ptx.data());
  }
  nvrtcDestroyProgram(&program);
  if (ptx.empty()) throw Error("NVRTC does not compile a step: " + log);
  return ptx;
}

}  // namespace

// Stays loaded as long as the process runs: its device may be gone when static objects are.
struct GpuKernel::Loaded {
  c10::Device device;
  CUfunction function = nullptr;
};

bool GpuKernel::serves(c10::Device device) { return device.is_cuda(); }

GpuKernel::GpuKernel(const std::string& source, c10::Device device)
    : loaded_(std::make_unique<Loaded>(Loaded{device})) {
  const c10::cuda::CUDAGuard guard(device);
  const std::string ptx = compiled(source, device);
  CUmodule module = nullptr;
  check(driver().load(&module, ptx.c_str()), "load a step");
  check(driver().find(&loaded_->function, module, "step"), "find a step");
}

GpuKernel::~GpuKernel() = default;
GpuKernel::GpuKernel(GpuKernel&&) noexcept = default;

void GpuKernel::launch(std::int64_t threads, std::span<void*> arguments) const {
  if (threads == 0) return;
  const c10::cuda::CUDAGuard guard(loaded_->device);
  const auto blocks = static_cast<unsigned>(
      std::min<std::int64_t>((threads + threads_of_block - 1) / threads_of_block, 1 << 30));
  check(driver().launch(loaded_->function, blocks, 1, 1, threads_of_block, 1, 1, 0,
                        at::cuda::getCurrentCUDAStream(), arguments.data(), nullptr),
        "launch a step");
}

}  // namespace basin::optim
