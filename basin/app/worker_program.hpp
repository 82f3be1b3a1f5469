// The program that runs trials: basin-worker, or a user's own.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "basin/study/problem_info.hpp"

namespace basin::app {

struct WorkerDescription {
  std::string libtorch;  // its version
  std::vector<study::ProblemInfo> problems;
};

// Returns the program that runs other programs as trials, beside this executable or on PATH. Throws
// InputError if there is none.
std::filesystem::path find_program_worker();

// Returns `asked`, or basin-worker beside this executable or on PATH. Throws InputError if there is none.
std::filesystem::path find_worker(const std::optional<std::filesystem::path>& asked);

// Runs `WORKER --describe`. Throws InputError if it does not answer like a worker. Cost: a second, to load
// libtorch.
WorkerDescription describe(const std::filesystem::path& worker);

}  // namespace basin::app
