// How many workers this process may run at once, one core and enough memory each.
//
// Value    the least of: the cores of the affinity mask; the CPU quota of every control group above us, rounded down;
//          memory that is free, here and in those groups, at 1 GiB a worker; and never less than 1
// Cost     reads a few files of /proc and /sys/fs/cgroup (version 2, or 1)
#pragma once
#include <string>
#include <vector>

namespace basin::study {

// The cores that this process may run on, in order.
std::vector<int> allowed_cores();

// What there is of each, infinite where nothing limits it. `root` stands for "/" where the files are looked up; tests put
// their own there.
struct Capacity {
  double cores = 0;   // of the affinity mask
  double quota = 0;   // of the tightest control group, in cores
  double memory = 0;  // bytes that are free
};
Capacity capacity(const std::string& root = "");

// What the least of these is good for.
int available_cores(const Capacity& capacity);
inline int available_cores(const std::string& root = "") { return available_cores(capacity(root)); }

}  // namespace basin::study
