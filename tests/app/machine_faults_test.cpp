// The faults of simulated machines, and the probes on this one.
#include "basin/app/machine_faults.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace basin::app {
namespace {

constexpr double no_limit = std::numeric_limits<double>::infinity();

Machine sound() {
  return {.build = "release",
          .isa = "avx2",
          .capacity = {.cores = 4, .quota = no_limit, .memory = 16e9},
          .workers = 4,
          .disk_free = 100e9,
          .disk_size = 200e9,
          .data = {{.set = "fashion-mnist", .place = "somewhere", .needed = true},
                   {.set = "mnist", .wrong = "mnist is nowhere"}},
          .worker = WorkerState{.path = "basin-worker",
                                .libtorch = "2.0",
                                .blas = "OpenBLAS 0.3",
                                .build = "release",
                                .blas_threads = 1,
                                .threads = 1,
                                .gemm_gflops = 80,
                                .keeps_freed_memory = true}};
}

// Returns the text of the only fault, and its remedy.
std::string only(const Machine& machine) {
  const auto found = faults_of(machine);
  EXPECT_EQ(found.size(), 1u);
  if (found.empty()) return "";
  EXPECT_FALSE(found[0].remedy.empty());
  return found[0].wrong + " -> " + found[0].remedy;
}

TEST(AppMachine, ASoundMachineHasNothingWrong) {
  EXPECT_TRUE(faults_of(sound()).empty()) << "a data set that nobody asked for is none";
  Machine tuned = sound();
  tuned.variables = {{"OMP_NUM_THREADS", "4"}};
  EXPECT_TRUE(faults_of(tuned).empty());
}

TEST(AppMachine, NamesWhatIsWrongAndTheRemedy) {
  const auto with = [](auto change) {
    Machine machine = sound();
    change(machine);
    return only(machine);
  };
  const auto has = [](const std::string& text, const char* part) {
    EXPECT_NE(text.find(part), std::string::npos) << text;
  };
  has(with([](Machine& m) { m.capacity.quota = 1.5, m.workers = 1; }), "CPU quota is 1.5 of 4 cores");
  has(with([](Machine& m) { m.capacity.memory = 2e9, m.workers = 1; }), "enough for 1 worker");
  has(with([](Machine& m) { m.isa = "baseline"; }), "no AVX2");
  has(with([](Machine& m) { m.disk_free = 5e8; }), "500 MB are left on this disk");
  has(with([](Machine& m) { m.data[0] = {.set = "fashion-mnist", .wrong = "install it", .needed = true}; }),
      "fashion-mnist was not found -> install it");
  has(with([](Machine& m) { m.data[1].place = "there"; }), "mnist is damaged");
  has(with([](Machine& m) { m.build = "debug"; }), "basin is a debug build");
  has(with([](Machine& m) { m.worker->gemm_gflops = 3; }), "libopenblas0-pthread");
  has(with([](Machine& m) { m.worker->blas_threads = 2; }), "its BLAS 2");
  has(with([](Machine& m) { m.worker->keeps_freed_memory = false; }), "LD_PRELOAD");
  has(with([](Machine& m) { m.worker.reset(), m.worker_error = "it is gone"; }), "it is gone -> make build");
  for (const char* odd : {"7", "0", "-1", "two", "", "2,2"})
    has(with([&](Machine& m) { m.variables = {{"OMP_NUM_THREADS", odd}}; }), "unset OMP_NUM_THREADS");
  has(with([](Machine& m) { m.variables = {{"GOMP_CPU_AFFINITY", "0-3"}}; }), "unset GOMP_CPU_AFFINITY");
}

TEST(AppMachine, ProbesMeasureSomething) {
  const MemoryProbe probe = probe_memory();
  EXPECT_GT(probe.bytes_per_second, 1e8);
  EXPECT_GT(probe.seconds_per_fault, 1e-9);
  EXPECT_LT(probe.seconds_per_fault, 1e-3);
}

}  // namespace
}  // namespace basin::app
