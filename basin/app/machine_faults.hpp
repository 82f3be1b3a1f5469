// What is wrong with a machine, and how to fix it.
#pragma once
#include <string>
#include <vector>

#include "basin/app/machine.hpp"

namespace basin::app {

struct Fault {
  std::string wrong, remedy;
};
// Returns everything that slows or stops a study, the most serious first. Pure.
std::vector<Fault> faults_of(const Machine& machine);

}  // namespace basin::app
