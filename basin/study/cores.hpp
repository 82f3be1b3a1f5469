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

// `root` stands for "/" where the files are looked up; tests put their own there.
int available_cores(const std::string& root = "");

}  // namespace basin::study
