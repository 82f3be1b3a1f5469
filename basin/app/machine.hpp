// The properties of a machine that matter to basin. machine_faults.hpp judges them.
#pragma once
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "basin/app/memory_probe.hpp"
#include "basin/study/cores.hpp"

namespace basin::app {

struct DataPlace {
  std::string set, place;  // empty if it was not found
  std::string wrong;       // what to do about it, if anything
  bool needed = false;     // for the default problem
};

// The worker's probe (worker/probe.hpp).
struct WorkerState {
  std::string path, libtorch, blas, build;
  std::optional<int> blas_threads;
  int threads = 0;
  double gemm_gflops = 0;
  bool keeps_freed_memory = false;
};

struct Machine {
  nlohmann::json environment;  // of the study document
  std::string build;           // release or debug
  std::string isa;
  study::Capacity capacity;
  int workers = 1;
  double disk_free = 0, disk_size = 0;                         // in bytes, for the disk of runs/
  std::vector<std::pair<std::string, std::string>> variables;  // environment variables that control threads
  std::vector<DataPlace> data;
  std::optional<WorkerState> worker;
  std::string worker_error;  // if there is no worker
  bool interrupted = false;
  MemoryProbe memory;
};

// Reads and measures everything. Sets `interrupted` if a stop was requested. Throws InputError if the named
// worker is not a program. Cost: two seconds, most of them to start libtorch.
Machine examine_machine(const std::optional<std::filesystem::path>& worker,
                        const std::optional<std::filesystem::path>& data_dir, std::stop_token stop);

}  // namespace basin::app
