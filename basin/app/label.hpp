// The name of a trial in messages and tables.
#pragma once
#include <string>

#include "basin/study/trial.hpp"

namespace basin::app {

// Returns "adam lr 0.001 batch 64 default seed 0". Settings that are not at their default, and knobs other
// than the learning rate, follow the initializer.
std::string label_of(const study::Trial& trial);
std::string label_of(const study::Configuration& config);

}  // namespace basin::app
