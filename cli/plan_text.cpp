#include "cli/plan_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "basin/app/label.hpp"
#include "basin/app/units.hpp"
#include "cli/command_line.hpp"
#include "cli/values.hpp"

namespace basin::cli {

namespace {

std::string count(std::size_t n, const char* what) {
  return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s");
}

std::string listed_trials(const app::Plan& plan) {
  std::set<std::string> optimizers, configurations;
  int seeds = 0;
  for (const study::Trial& trial : plan.trials) {
    optimizers.insert(trial.config.optimizer);
    configurations.insert(app::label_of(trial.config));
    seeds = std::max(seeds, trial.replicate + 1);
  }
  return fmt::format("{}, {}, {}", count(optimizers.size(), "optimizer"),
                     count(configurations.size(), "configuration"),
                     count(static_cast<std::size_t>(seeds), "seed"));
}

std::string searched_trials(const study::Search& search) {
  std::string out = fmt::format("{} x {} by {}", count(search.arms.size(), "optimizer"),
                                count(static_cast<std::size_t>(search.trials), "trial"), search.sampler);
  if (search.pruner != "none") out += " and " + search.pruner;
  if (search.finalists > 0)
    out += fmt::format(", then the best with {}",
                       count(static_cast<std::size_t>(search.finalists), "fresh seed"));
  return out;
}

}  // namespace

std::string what_runs(const app::Plan& plan) {
  if (plan.request.program)
    return fmt::format("{} ({}), {}", count(app::trial_count(plan), "trial"), searched_trials(*plan.search),
                       count(static_cast<std::size_t>(plan.jobs), "worker"));
  const std::int64_t images = app::trained_on(plan);
  return fmt::format("{} ({}), {}{}, {}", count(app::trial_count(plan), "trial"),
                     plan.search ? searched_trials(*plan.search) : listed_trials(plan),
                     count(static_cast<std::size_t>(plan.settings.epochs), "epoch"),
                     images > 0 ? " of " + app::grouped(images) + " examples" : "",
                     count(static_cast<std::size_t>(plan.jobs), "worker"));
}

std::string spaces_text(const app::Plan& plan) {
  std::string out;
  if (!plan.search) return out;
  std::size_t width = 0;
  for (const study::SearchArm& arm : plan.search->arms)
    width = std::max(width, study::base_of(arm).optimizer.size());
  for (const study::SearchArm& arm : plan.search->arms)
    out += fmt::format("  {:{}}  {}\n", study::base_of(arm).optimizer, width, study::size_text(arm.space));
  return out;
}

std::string summary_of(const app::Plan& plan) {
  if (plan.request.program) return what_runs(plan);  // how long it takes shows when trials end
  return fmt::format("{}, about {}", what_runs(plan), app::duration_text(app::estimated_seconds(plan)));
}

std::string chosen_text(const app::Plan& plan) {
  if (plan.seen.empty()) return "";
  const Problem& problem = plan.problem.problem;
  const app::Request& asked = plan.request;
  const std::string predict =
      asked.predict.empty() ? "" : " --predict " + shell_word(column_names_text(asked.predict));
  return fmt::format(
      "{}network {}\nloss {}, ranked by {}, {} epochs, batches of {}\nto choose yourself: basin problem "
      "{}{}\n\n",
      plan.seen, problem.layers, problem.loss, problem.metric, problem.epochs, problem.batch_size,
      shell_word(asked.problem), predict);
}

}  // namespace basin::cli
