// For a libtorch with CUDA.
#include <ATen/cuda/CUDAContext.h>
#include <c10/cuda/CUDAGuard.h>
#include <cuda.h>
#include <cuda_runtime_api.h>
#include <dlfcn.h>
#include <nvrtc.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "basin/core/error.hpp"
#include "basin/optim/gpu_kernel.hpp"

namespace basin::optim {
namespace {

constexpr unsigned threads_of_block = 256;

// The functions of the CUDA driver. It is opened when a kernel is created, so that a program also runs
// without a driver.
struct Driver {
  decltype(&cuModuleLoadData) load;
  decltype(&cuModuleGetFunction) find;
  decltype(&cuLaunchKernel) launch;
  decltype(&cuCtxGetCurrent) context;
  decltype(&cuGetErrorString) words;
};

const Driver& driver() {
  static const Driver all = [] {
    void* const library = ::dlopen("libcuda.so.1", RTLD_NOW);
    if (!library) throw Error("cannot open CUDA's driver: " + std::string(::dlerror()));
    const auto function = [&](auto& out, const char* name) {
      out = reinterpret_cast<std::remove_reference_t<decltype(out)>>(::dlsym(library, name));
      if (!out) throw Error("CUDA's driver has no " + std::string(name));
    };
    Driver found;
    function(found.load, "cuModuleLoadData");
    function(found.find, "cuModuleGetFunction");
    function(found.launch, "cuLaunchKernel");
    function(found.context, "cuCtxGetCurrent");
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

void check(nvrtcResult result, const char* what) {
  if (result != NVRTC_SUCCESS)
    throw Error("NVRTC cannot " + std::string(what) + ": " + nvrtcGetErrorString(result));
}

// Returns the newest architecture that both the device and this NVRTC know, as 90 for 9.0.
int architecture_of(c10::Device device, bool& own) {
  const auto* const properties = at::cuda::getDeviceProperties(device.index());
  const int wanted = 10 * properties->major + properties->minor;
  int count = 0;
  check(nvrtcGetNumSupportedArchs(&count), "count its architectures");
  std::vector<int> known(static_cast<std::size_t>(count));
  check(nvrtcGetSupportedArchs(known.data()), "list its architectures");
  int best = 0;
  for (const int each : known)
    if (each <= wanted) best = std::max(best, each);
  own = best == wanted;
  return best;
}

std::string result_of(nvrtcProgram program, bool machine_code) {
  std::size_t size = 0;
  check(machine_code ? nvrtcGetCUBINSize(program, &size) : nvrtcGetPTXSize(program, &size),
        "return its result");
  std::string out(size, '\0');
  check(machine_code ? nvrtcGetCUBIN(program, out.data()) : nvrtcGetPTX(program, out.data()),
        "return its result");
  return out;
}

// Compiles the source to device code, which a driver older than this NVRTC also accepts, or to PTX for a
// device that this NVRTC does not know. Products and sums are not contracted and subnormal floats are
// flushed, so that a kernel has the bits of the loops.
std::string compiled(const std::string& source, c10::Device device) {
  bool own = false;
  const int newest = architecture_of(device, own);
  const std::string architecture =
      std::string("--gpu-architecture=") + (own ? "sm_" : "compute_") + std::to_string(newest);
  const std::vector<const char*> options{architecture.c_str(), "--fmad=false", "--ftz=true", "--std=c++17"};
  nvrtcProgram program = nullptr;
  check(nvrtcCreateProgram(&program, source.c_str(), "basin_step.cu", 0, nullptr, nullptr),
        "create a program");
  const std::unique_ptr<nvrtcProgram, void (*)(nvrtcProgram*)> made(
      &program, [](nvrtcProgram* p) { nvrtcDestroyProgram(p); });
  if (nvrtcCompileProgram(program, static_cast<int>(options.size()), options.data()) != NVRTC_SUCCESS)
    throw Error("NVRTC does not compile a step: " + log_of(program));
  return result_of(program, own);
}

// On a thread that has not used CUDA yet, the driver has no context until the runtime creates one.
void make_context() {
  CUcontext current = nullptr;
  check(driver().context(&current), "return its context");
  if (!current) cudaFree(nullptr);
}

}  // namespace

// Stays loaded while the process runs: the device may be gone when static objects are destroyed.
struct GpuKernel::Loaded {
  c10::Device device;
  CUfunction function = nullptr;
};

bool GpuKernel::serves(c10::Device device) { return device.is_cuda(); }

GpuKernel::GpuKernel(const std::string& source, c10::Device device)
    : loaded_(std::make_unique<Loaded>(Loaded{device})) {
  const c10::cuda::CUDAGuard guard(device);
  make_context();
  const std::string code = compiled(source, device);
  CUmodule module = nullptr;
  check(driver().load(&module, code.c_str()), "load a step");
  check(driver().find(&loaded_->function, module, "step"), "find a step");
}

GpuKernel::~GpuKernel() = default;

void GpuKernel::launch(std::int64_t threads, std::span<void*> arguments) const {
  if (threads == 0) return;
  const c10::cuda::CUDAGuard guard(loaded_->device);
  make_context();
  const auto blocks = static_cast<unsigned>(
      std::min<std::int64_t>((threads + threads_of_block - 1) / threads_of_block, 1 << 30));
  check(driver().launch(loaded_->function, blocks, 1, 1, threads_of_block, 1, 1, 0,
                        at::cuda::getCurrentCUDAStream(), arguments.data(), nullptr),
        "launch a step");
}

}  // namespace basin::optim
