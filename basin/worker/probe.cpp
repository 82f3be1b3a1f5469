#include "basin/worker/probe.hpp"

#include <dlfcn.h>
#include <sys/resource.h>
#include <torch/types.h>
#include <torch/utils.h>
#include <torch/version.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <string>

namespace basin::worker {
namespace {

using Json = nlohmann::json;

template <class Function>
Function* symbol(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_DEFAULT, name));
}

// OpenBLAS reports its name; for any other library, this finds the file that the matrix product comes from.
std::string blas_name() {
  if (const auto config = symbol<char*()>("openblas_get_config")) return config();
  Dl_info where{};
  if (void* product = ::dlsym(RTLD_DEFAULT, "sgemm_"); product != nullptr && ::dladdr(product, &where) != 0)
    return std::filesystem::weakly_canonical(where.dli_fname).string();
  return "unknown";
}

Json blas_threads() {
  if (const auto threads = symbol<int()>("openblas_get_num_threads")) return threads();
  if (const auto threads = symbol<int()>("MKL_Get_Max_Threads")) return threads();
  return nullptr;
}

double seconds_of_product(const torch::Tensor& a, const torch::Tensor& b) {
  const auto start = std::chrono::steady_clock::now();
  const torch::Tensor c = torch::mm(a, b);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double gemm_gflops() {
  constexpr std::int64_t n = 512;
  const torch::NoGradGuard no_gradients;
  const torch::Tensor a = torch::ones({n, n}), b = torch::ones({n, n});
  seconds_of_product(a, b);  // warm-up
  double best = seconds_of_product(a, b);
  for (int i = 0; i < 15; ++i) best = std::min(best, seconds_of_product(a, b));
  return 2e-9 * n * n * n / best;
}

long faults() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return usage.ru_minflt;
}

// Writes to each page, as for a batch's activations.
void use_and_free(std::size_t bytes) {
  auto* block = static_cast<volatile char*>(std::malloc(bytes));
  for (std::size_t i = 0; block != nullptr && i < bytes; i += 4096) block[i] = 1;
  std::free(const_cast<char*>(block));
}

bool freed_memory_is_kept() {
  constexpr std::size_t bytes = 32u << 20;
  use_and_free(bytes);
  const long before = faults();
  use_and_free(bytes);
  return faults() - before < static_cast<long>(bytes / 4096 / 10);
}

}  // namespace

Json probe() {
#ifdef NDEBUG
  constexpr const char* build = "release";
#else
  constexpr const char* build = "debug";
#endif
  return {{"libtorch", TORCH_VERSION},
          {"blas", blas_name()},
          {"blas_threads", blas_threads()},
          {"threads", torch::get_num_threads()},
          {"build", build},
          {"gemm_gflops", gemm_gflops()},
          {"freed_memory_is_kept", freed_memory_is_kept()}};
}

}  // namespace basin::worker
