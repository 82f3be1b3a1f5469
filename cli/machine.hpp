// What a machine is, as far as basin depends on it, and what is wrong with it.
#pragma once
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "basin/study/cores.hpp"
#include "cli/probes.hpp"

namespace basin::cli {

struct DataPlace {
  std::string set, place;  // empty where it was not found
  std::string wrong;       // what to do about it, where something is to be done
  bool needed = false;     // the default problem's
};

// What the worker's probe says (worker/probe.hpp).
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
  double disk_free = 0, disk_size = 0;                         // bytes, where runs/ would lie
  std::vector<std::pair<std::string, std::string>> variables;  // of the environment, that steer threads
  std::vector<DataPlace> data;
  std::optional<WorkerState> worker;
  std::string worker_error;  // where there is no worker
  bool interrupted = false;
  MemoryProbe memory;
};

// Reads it and measures it. Cost: two seconds, most of them libtorch's start.
Machine examine(const std::optional<std::string>& worker, const std::optional<std::string>& data_dir);

struct Finding {
  std::string wrong, remedy;
};
// Everything that slows or stops a study, the gravest first. Pure.
std::vector<Finding> findings(const Machine& machine);

}  // namespace basin::cli
