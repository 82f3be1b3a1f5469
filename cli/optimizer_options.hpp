// The options that change the optimizers: --set and --clip. They are applied once all options are read.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "basin/study/design.hpp"

namespace basin::cli {

// One --set: `adam.beta2=0.99,0.999`, `adam.dialect=keras`.
struct SetValues {
  std::string optimizer, knob;
  std::vector<std::string> values;
};

struct OptimizerOptions {
  std::vector<SetValues> set;
  std::optional<double> clip;
};

// Adds the knob values to the arms, replaces optimizers by their dialects, and puts clipping before all of
// them. Throws InputError for a dialect that does not exist or does not fit its chain. make_trials checks the
// names and ranges of knobs.
void apply(const OptimizerOptions& options, study::Arms& arms);

}  // namespace basin::cli
