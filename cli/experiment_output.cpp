#include "cli/experiment_output.hpp"

#include <fmt/format.h>

#include "basin/app/label.hpp"
#include "basin/app/units.hpp"
#include "basin/study/ranking.hpp"
#include "cli/metric_text.hpp"
#include "cli/plan_text.hpp"
#include "cli/progress_text.hpp"
#include "cli/ranking_table.hpp"
#include "cli/text_table.hpp"

namespace basin::cli {
namespace {

std::string target_text(const Problem& problem) {
  const bool percent = describe_metric(problem.metric).percent;
  return fmt::format("{} {}{}", problem.metric, metric_text(problem.metric, problem.target),
                     percent ? "%" : "");
}

std::string ran_text(const app::Plan& plan, const std::vector<study::StoredTrial>& trials) {
  const Problem& problem = plan.problem.problem;
  std::string out = fmt::format("{}: {}", problem.name, what_runs(plan));
  const std::string shared = shared_settings(trials);
  if (!shared.empty()) out += "\n" + shared;
  if (problem.target != 0)
    out += fmt::format("{}target: validation {}", shared.empty() ? "\n" : "; ", target_text(problem));
  return out + "\n\n";
}

void print_comparison(const app::Plan& plan, const std::vector<study::StoredTrial>& trials) {
  const Problem& problem = plan.problem.problem;
  fmt::print(
      "{}{}", ran_text(plan, trials),
      ranking_table(study::rank(trials, ranking_metric(problem), problem.target), trials, problem.metric));
  for (const study::StoredTrial& stored : trials) {
    if (stored.result.state != study::State::failed) continue;
    fmt::print("trial {}, {}, failed: {}\n", stored.trial.number, app::label_of(stored.trial),
               stored.result.reason);
  }
}

void print_single(const study::StoredTrial& stored, const std::string& metric) {
  fmt::print("{}: {}\n", app::label_of(stored.trial), result_text(stored.result, metric));
  if (stored.test) fmt::print("{}\n", score_text(*stored.test, "test "));
}

}  // namespace

void print_trials(const app::Plan& plan) {
  if (plan.search) {
    fmt::print("{}\n{}", summary_of(plan), spaces_text(plan));
    return;
  }
  std::vector<std::vector<std::string>> rows;
  for (const study::Trial& trial : plan.trials)
    rows.push_back({std::to_string(trial.number), app::label_of(trial), trial.factor});
  fmt::print("{}\n{}\n", text_table({{"#", Align::right}, {"trial"}, {"varies"}}, rows), summary_of(plan));
}

void print_results(const app::Plan& plan, const std::vector<study::StoredTrial>& trials, Style style) {
  if (style == Style::single_trial)
    print_single(trials.front(), plan.problem.problem.metric);
  else
    print_comparison(plan, trials);
  const app::StudyFolder& folder = plan.folder;
  fmt::print("\nreport   {}\nresults  {}\ncurves   {}\n", folder.report().string(), folder.results().string(),
             folder.curves().string());
}

}  // namespace basin::cli
