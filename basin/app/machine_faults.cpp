#include "basin/app/machine_faults.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "basin/app/units.hpp"

namespace basin::app {
namespace {

// A study of 84 trials of fmnist-cnn leaves 70 MB while it runs.
constexpr double little_disk = 1e9;
// One thread of any processor of the last ten years reaches three times as much; the reference BLAS, 2 to 4.
constexpr double slow_gemm = 10;

// Returns 0 unless it is a whole number above 0.
int count_of(const std::string& text) {
  int out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size() ? std::max(out, 0) : 0;
}

void look_at_worker(const Machine& m, std::vector<Fault>& out) {
  if (!m.worker) {
    out.push_back({"there is no worker, so nothing can be trained: " + m.worker_error, "make build"});
    return;
  }
  const WorkerState& w = *m.worker;
  if (m.build != "release" || w.build != "release")
    out.push_back(
        {fmt::format("{} is a debug build: several times slower", m.build != "release" ? "basin" : w.path),
         "cmake --preset release && cmake --build build/release"});
  if (w.gemm_gflops < slow_gemm)
    out.push_back({fmt::format("matrix products run at {:.1f} GFLOP/s, with {}", w.gemm_gflops, w.blas),
                   "apt-get install libopenblas0-pthread (the reference BLAS is 20 times slower)"});
  if (w.threads != 1 || w.blas_threads.value_or(1) != 1)
    out.push_back({fmt::format("a worker that was told to use one thread has {}, its BLAS {}", w.threads,
                               w.blas_threads.value_or(1)),
                   "remove the number of threads from the configuration files of OpenMP and the BLAS"});
  if (!w.keeps_freed_memory)
    out.push_back({"the worker returns freed memory, so every batch faults its pages in again",
                   "start basin without an allocator in LD_PRELOAD, or tune it to keep freed memory"});
}

void look_at_cores(const Machine& m, std::vector<Fault>& out) {
  const study::Capacity& c = m.capacity;
  if (c.quota < c.cores)
    out.push_back(
        {fmt::format("the CPU quota is {:.3g} of {:.0f} cores: basin starts {} worker{}, and times are "
                     "those of a processor that is stopped now and then",
                     c.quota, c.cores, m.workers, m.workers == 1 ? "" : "s"),
         "raise the quota of the control group (docker run --cpus, CPUQuota= of systemd)"});
  if (m.workers < std::floor(std::min(c.cores, c.quota)))
    out.push_back({fmt::format("{} of free memory are enough for {} worker{}, and there are {:.0f} cores",
                               bytes_text(static_cast<std::int64_t>(c.memory)), m.workers,
                               m.workers == 1 ? "" : "s", c.cores),
                   "free memory, or raise the limit of the control group: 1 GiB a worker"});
  if (m.isa == "baseline")
    out.push_back({"the processor has no AVX2, or a virtual machine hides it: steps are several times slower",
                   "expose the processor's own features in the virtual machine (-cpu host)"});
}

void look_at_variables(const Machine& m, std::vector<Fault>& out) {
  for (const auto& [name, value] : m.variables) {
    const bool counts = name.ends_with("_NUM_THREADS");
    if (counts && count_of(value) >= 1 && count_of(value) <= m.capacity.cores) continue;
    const std::string why =
        counts ? fmt::format(
                     "which does not fit {:.0f} cores; basin sets it for workers, but not for other programs",
                     m.capacity.cores)
               : std::string("which moves the threads of workers that basin has pinned");
    out.push_back({fmt::format("{} is '{}', {}", name, value, why), "unset " + name});
  }
}

void look_at_disk_and_data(const Machine& m, std::vector<Fault>& out) {
  for (const DataPlace& d : m.data) {
    const bool damaged = !d.place.empty() && !d.wrong.empty();
    if (damaged || (d.needed && d.place.empty()))
      out.push_back({fmt::format("{} {}", d.set, damaged ? "is damaged" : "was not found"), d.wrong});
  }
  if (m.disk_size > 0 && m.disk_free < little_disk)
    out.push_back({fmt::format("{} are left on this disk: a study may not be able to save its weights",
                               bytes_text(static_cast<std::int64_t>(m.disk_free))),
                   "free some, or put studies elsewhere with --out"});
}

}  // namespace

std::vector<Fault> faults_of(const Machine& machine) {
  std::vector<Fault> out;
  look_at_worker(machine, out);
  look_at_disk_and_data(machine, out);
  look_at_cores(machine, out);
  look_at_variables(machine, out);
  return out;
}

}  // namespace basin::app
