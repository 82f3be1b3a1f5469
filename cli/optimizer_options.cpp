#include "cli/optimizer_options.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "basin/core/error.hpp"
#include "basin/core/knobs.hpp"
#include "basin/core/names.hpp"
#include "basin/kernels/chain.hpp"
#include "basin/rules/catalogue.hpp"
#include "cli/values.hpp"

namespace basin::cli {
namespace {

study::KnobValues numbers_of(const SetValues& set) {
  study::KnobValues out{set.optimizer, set.knob, {}};
  for (const std::string& item : set.values)
    out.values.push_back(number("--set " + set.optimizer + "." + set.knob, item));
  return out;
}

// Replaces an optimizer by its dialects; each of them gets the values that --set has for the optimizer.
void speak(study::Arms& arms, const SetValues& set) {
  std::vector<std::string> spoken;
  for (const std::string& dialect : set.values) {
    spoken.push_back(in_dialect(set.optimizer, dialect));
    kernels::Chain::parse(spoken.back());  // throws if its links or settings do not fit this dialect
  }
  std::vector<std::string> optimizers;
  for (const std::string& optimizer : arms.optimizers) {
    if (optimizer != set.optimizer)
      optimizers.push_back(optimizer);
    else
      optimizers.insert(optimizers.end(), spoken.begin(), spoken.end());
  }
  std::vector<study::KnobValues> knobs;
  for (const study::KnobValues& knob : arms.knobs) {
    if (knob.optimizer != set.optimizer)
      knobs.push_back(knob);
    else
      for (const std::string& optimizer : spoken) knobs.push_back({optimizer, knob.knob, knob.values});
  }
  arms.optimizers = optimizers, arms.knobs = knobs;
}

// Puts clipping by the global norm before every optimizer, and renames the optimizers that --set refers to.
void clip(study::Arms& arms, double limit) {
  const std::string link = fmt::format("clip_global_norm:{}+", text_of(limit));
  for (study::KnobValues& knob : arms.knobs)
    if (std::ranges::find(arms.optimizers, knob.optimizer) != arms.optimizers.end())
      knob.optimizer.insert(0, link);
  for (std::string& optimizer : arms.optimizers) optimizer.insert(0, link);
}

}  // namespace

void apply(const OptimizerOptions& options, study::Arms& arms) {
  std::vector<SetValues> dialects;
  for (const SetValues& set : options.set) {
    if (set.knob != "dialect") {
      arms.knobs.push_back(numbers_of(set));
      continue;
    }
    if (std::ranges::find(dialects, set.optimizer, &SetValues::optimizer) != dialects.end())
      throw InputError("--set " + set.optimizer + ".dialect: it is given more than once");
    if (std::ranges::find(arms.optimizers, set.optimizer) == arms.optimizers.end())
      throw InputError(set.optimizer + ".dialect: " + set.optimizer + " is not among the optimizers, " +
                       listed(arms.optimizers));
    dialects.push_back(set);
  }
  for (const SetValues& set : dialects) speak(arms, set);
  if (options.clip) clip(arms, *options.clip);
}

}  // namespace basin::cli
