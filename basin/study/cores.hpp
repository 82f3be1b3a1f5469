// How many workers this process may run at once, with one core and enough memory each.
//
// Value    the minimum of: the cores in the affinity mask; the CPU quota of every enclosing control group,
//          rounded down; free memory, here and in those groups, at 1 GiB per worker; but at least 1
// Cost     reads a few files of /proc and /sys/fs/cgroup (version 2, or 1)
#pragma once
#include <string>
#include <vector>

namespace basin::study {

// Returns the cores that this process may run on, in order.
std::vector<int> allowed_cores();

// The available resources, infinite where nothing limits them. `root` replaces "/" when files are looked up,
// for tests.
struct Capacity {
  double cores = 0;   // in the affinity mask
  double quota = 0;   // of the tightest control group, in cores
  double memory = 0;  // free bytes
};
Capacity capacity(const std::string& root = "");

// Returns the number of workers that these resources allow.
int available_cores(const Capacity& capacity);
inline int available_cores(const std::string& root = "") { return available_cores(capacity(root)); }

}  // namespace basin::study
