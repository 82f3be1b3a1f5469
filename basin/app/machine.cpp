#include "basin/app/machine.hpp"

#include <sys/statvfs.h>

#include <algorithm>
#include <cstdlib>

#include "basin/app/one_worker.hpp"
#include "basin/app/request.hpp"
#include "basin/app/worker_program.hpp"
#include "basin/core/error.hpp"
#include "basin/data/data_sets.hpp"
#include "basin/kernels/isa.hpp"
#include "basin/problems/problems.hpp"
#include "basin/report/environment.hpp"

namespace basin::app {
namespace {

using study::Json;

constexpr const char* variables_of_threads[] = {"OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS",
                                                "MKL_NUM_THREADS", "GOMP_CPU_AFFINITY",
                                                "OMP_PROC_BIND",   "OMP_PLACES"};

// The data set of the default problem.
std::string usual_data() {
  const std::vector<Problem> all = problems();
  return std::ranges::find(all, Request{}.problem, &Problem::name)->data;
}

DataPlace place_of(const data::DataSet& set, const std::optional<std::filesystem::path>& folder) {
  DataPlace out{.set = set.name, .needed = set.name == usual_data()};
  try {
    out.place = data::locate(set, folder).string();
    data::check_available(set.name, folder);
  } catch (const InputError& error) {
    out.wrong = error.what();
  }
  return out;
}

WorkerState state_of(const std::string& path, const Json& probe) {
  WorkerState out{.path = path,
                  .libtorch = probe.at("libtorch"),
                  .blas = probe.at("blas"),
                  .build = probe.at("build"),
                  .threads = probe.at("threads"),
                  .gemm_gflops = probe.at("gemm_gflops"),
                  .keeps_freed_memory = probe.at("freed_memory_is_kept")};
  if (!probe.at("blas_threads").is_null()) out.blas_threads = probe["blas_threads"].get<int>();
  return out;
}

// Runs in a process like those that run trials: pinned, one thread, the same environment.
void examine_worker(Machine& machine, const std::optional<std::filesystem::path>& asked,
                    const std::stop_token& stop) {
  try {
    const std::string program = find_worker(asked).string();
    const LogFolder logs("doctor");
    study::Pool pool({.program = program,
                      .arguments = {},
                      .logs = logs.path().string(),
                      .until_hello = std::chrono::seconds(20)});
    if (const auto answer = ask(pool, {{"type", "probe"}}, stop))
      machine.worker = state_of(program, answer->at("probe"));
    else
      machine.interrupted = true;
  } catch (const std::exception& error) {
    machine.worker_error = error.what();
  }
}

void examine_disk(Machine& machine) {
  struct statvfs disk{};
  if (::statvfs(".", &disk) != 0) return;
  machine.disk_free = static_cast<double>(disk.f_bavail) * static_cast<double>(disk.f_frsize);
  machine.disk_size = static_cast<double>(disk.f_blocks) * static_cast<double>(disk.f_frsize);
}

}  // namespace

Machine examine_machine(const std::optional<std::filesystem::path>& worker,
                        const std::optional<std::filesystem::path>& data_dir, std::stop_token stop) {
  if (worker) find_worker(worker);  // a named worker that does not exist is a wrong call, not a fault
  Machine machine{.isa = std::string(kernels::name_of(kernels::best_isa())), .capacity = study::capacity()};
#ifdef NDEBUG
  machine.build = "release";
#else
  machine.build = "debug";
#endif
  machine.workers = study::available_cores(machine.capacity);
  examine_disk(machine);
  for (const char* name : variables_of_threads)
    if (const char* value = std::getenv(name)) machine.variables.emplace_back(name, value);
  for (const data::DataSet& set : data::data_sets()) machine.data.push_back(place_of(set, data_dir));
  machine.memory = probe_memory();
  examine_worker(machine, worker, stop);
  machine.environment =
      report::environment(machine.workers, 1, machine.worker ? machine.worker->libtorch : "");
  return machine;
}

}  // namespace basin::app
