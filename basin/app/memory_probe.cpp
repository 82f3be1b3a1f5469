#include "basin/app/memory_probe.hpp"

#include <sys/mman.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstddef>

#include "basin/core/error.hpp"

namespace basin::app {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t weights = 8u << 20, streams = 4;  // 32 MiB of float each

double since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

// Fresh pages, released by the destructor.
class Pages {
 public:
  explicit Pages(std::size_t bytes) : bytes_(bytes) {
    memory_ = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory_ == MAP_FAILED) throw Error("there is no memory for a probe of 128 MiB");
    ::madvise(memory_, bytes, MADV_NOHUGEPAGE);  // what a batch's activations get
  }
  Pages(const Pages&) = delete;
  ~Pages() { ::munmap(memory_, bytes_); }
  float* floats() const { return static_cast<float*>(memory_); }

 private:
  std::size_t bytes_;
  void* memory_;
};

// Reads g, x, m and v, writes the last three, and computes next to nothing.
void pass(std::size_t n, const float* __restrict g, float* __restrict x, float* __restrict m,
          float* __restrict v) {
  for (std::size_t i = 0; i < n; ++i) {
    x[i] = 0.5f * x[i] + g[i];
    m[i] = 0.5f * m[i] + g[i];
    v[i] = 0.5f * v[i] + g[i];
  }
}

double seconds_per_fault(const Pages& pages) {
  constexpr std::size_t page = 4096 / sizeof(float), count = weights * streams / page;
  volatile float* at = pages.floats();
  const auto start = Clock::now();
  for (std::size_t i = 0; i < count; ++i) at[i * page] = 1;
  return since(start) / static_cast<double>(count);
}

}  // namespace

MemoryProbe probe_memory() {
  const Pages pages(weights * streams * sizeof(float));
  MemoryProbe out{.seconds_per_fault = seconds_per_fault(pages)};
  float* const g = pages.floats();
  double best = 1e9;
  for (int i = 0; i < 8; ++i) {
    const auto start = Clock::now();
    pass(weights, g, g + weights, g + 2 * weights, g + 3 * weights);
    best = std::min(best, since(start));
  }
  out.bytes_per_second = static_cast<double>(weights * (4 + 3) * sizeof(float)) / best;
  return out;
}

}  // namespace basin::app
