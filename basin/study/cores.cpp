#include "basin/study/cores.hpp"

#include <sched.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <limits>
#include <optional>
#include <sstream>

namespace basin::study {
namespace {

namespace fs = std::filesystem;

constexpr double memory_of_a_worker =
    1024.0 * 1024 * 1024;  // libtorch, a data set's share, activations of a batch
constexpr double no_limit = std::numeric_limits<double>::infinity();

// Returns the first number in a file; nothing for "max", for -1, or if there is no such file.
std::optional<double> number_in(const fs::path& file) {
  std::ifstream in(file);
  double value = -1;
  return in >> value && value >= 0 ? std::optional(value) : std::nullopt;
}

double free_memory(const std::string& root) {
  std::ifstream in(root + "/proc/meminfo");
  std::string key, unit;
  for (double kib = 0; in >> key >> kib; std::getline(in, unit)) {
    if (key == "MemAvailable:") return kib * 1024;
  }
  return no_limit;
}

struct Limits {
  double cores = no_limit, memory = no_limit;
  void tighten(double c, double m) { cores = std::min(cores, c), memory = std::min(memory, m); }
};

// Reads one folder of a hierarchy of version 2 or 1; what a folder does not state is unlimited.
void read_group(const fs::path& folder, Limits& limits) {
  std::ifstream max(folder / "cpu.max");
  double quota = 0, period = 0;
  if (max >> quota >> period && period > 0) limits.tighten(quota / period, no_limit);
  const auto quota1 = number_in(folder / "cpu.cfs_quota_us"),
             period1 = number_in(folder / "cpu.cfs_period_us");
  if (quota1 && period1 && *period1 > 0) limits.tighten(*quota1 / *period1, no_limit);
  for (const auto& [most, used] :
       {std::pair{"memory.max", "memory.current"}, {"memory.limit_in_bytes", "memory.usage_in_bytes"}}) {
    if (const auto bytes = number_in(folder / most))
      limits.tighten(no_limit, *bytes - number_in(folder / used).value_or(0));
  }
}

// The limit of every enclosing group applies, so all of them are read, up to the mount.
void read_groups(const fs::path& mount, fs::path group, Limits& limits) {
  for (; group.has_relative_path(); group = group.parent_path())
    read_group(mount / group.relative_path(), limits);
  read_group(mount, limits);
}

Limits group_limits(const std::string& root) {
  Limits limits;
  std::ifstream in(root + "/proc/self/cgroup");  // lines of id:controllers:group
  for (std::string line; std::getline(in, line);) {
    std::istringstream parts(line);
    std::string id, controllers, group;
    std::getline(std::getline(std::getline(parts, id, ':'), controllers, ':'), group);
    if (controllers.empty()) read_groups(root + "/sys/fs/cgroup", group, limits);
    std::istringstream names(controllers);
    for (std::string name; std::getline(names, name, ',');) {
      if (name == "cpu" || name == "memory") read_groups(root + "/sys/fs/cgroup/" + name, group, limits);
    }
  }
  return limits;
}

}  // namespace

std::vector<int> allowed_cores() {
  std::vector<int> cores;
  cpu_set_t mask;
  CPU_ZERO(&mask);
  if (sched_getaffinity(0, sizeof mask, &mask) != 0) return {0};  // more than 1,024 cores, or not known
  for (int core = 0; core < CPU_SETSIZE; ++core) {
    if (CPU_ISSET(core, &mask)) cores.push_back(core);
  }
  return cores;
}

Capacity capacity(const std::string& root) {
  const Limits limits = group_limits(root);
  return {static_cast<double>(allowed_cores().size()), limits.cores,
          std::min(free_memory(root), limits.memory)};
}

int available_cores(const Capacity& c) {
  return std::max(1, static_cast<int>(std::min({c.cores, c.quota, c.memory / memory_of_a_worker})));
}

}  // namespace basin::study
