#include "cli/plan_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "basin/app/label.hpp"
#include "basin/app/units.hpp"

namespace basin::cli {

std::string what_runs(const app::Plan& plan) {
  std::set<std::string> optimizers, configurations;
  int seeds = 0;
  for (const study::Trial& trial : plan.trials) {
    optimizers.insert(trial.config.optimizer);
    configurations.insert(app::label_of(trial.config));
    seeds = std::max(seeds, trial.replicate + 1);
  }
  const auto count = [](std::size_t n, const char* what) {
    return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s");
  };
  const std::int64_t images = app::trained_on(plan);
  return fmt::format("{} ({}, {}, {}), {}{}, {}", count(plan.trials.size(), "trial"),
                     count(optimizers.size(), "optimizer"), count(configurations.size(), "configuration"),
                     count(static_cast<std::size_t>(seeds), "seed"),
                     count(static_cast<std::size_t>(plan.settings.epochs), "epoch"),
                     images > 0 ? " of " + app::grouped(images) + " examples" : "",
                     count(static_cast<std::size_t>(plan.jobs), "worker"));
}

std::string summary_of(const app::Plan& plan) {
  return fmt::format("{}, about {}", what_runs(plan), app::duration_text(app::estimated_seconds(plan)));
}

}  // namespace basin::cli
