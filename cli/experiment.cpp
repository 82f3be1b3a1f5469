#include "cli/experiment.hpp"

#include <fmt/format.h>

#include "basin/app/run.hpp"
#include "cli/command_line.hpp"
#include "cli/experiment_output.hpp"
#include "cli/interrupt.hpp"
#include "cli/plan_text.hpp"

namespace basin::cli {
namespace {

constexpr int failed = 1, interrupted = 130;

using study::State;

std::string still_to_do(const app::Finished& done) {
  return fmt::format("interrupted, {} of {} trials are still to do; continue", done.count(State::waiting),
                     done.trials.size());
}

// Returns an empty text if every trial has a result (a divergence is one) and every selected trial a test.
std::string went_wrong(const app::Finished& done) {
  const int lost = done.count(State::failed), untested = done.untested();
  if (lost == 0 && untested == 0) return "";
  std::string what = lost > 0 ? fmt::format("{} of {} trials failed", lost, done.trials.size()) : "";
  if (untested > 0)
    what += fmt::format("{}{} of {} trials could not be tested", what.empty() ? "" : ", ", untested,
                        done.trials.size());
  return what + "; try again";
}

// Prints the results. Returns the exit status.
int conclude(const app::Finished& done, bool json, Style style) {
  if (json)
    fmt::print("{}", done.document);
  else
    print_results(done.plan, done.trials, style);
  const std::string left = done.stopped ? still_to_do(done) : went_wrong(done);
  if (!left.empty())
    fmt::print(stderr, "basin: {} with\n  {} --out {} --resume\n", left, done.plan.request.command,
               shell_word(done.plan.folder.path.string()));
  return done.stopped ? interrupted : left.empty() ? 0 : failed;
}

}  // namespace

int run_experiment(const Asked& asked, Style style) {
  app::Plan plan = app::make_plan(asked.request);
  fmt::print(stderr, "{}", chosen_text(plan));
  if (asked.dry_run) {
    print_trials(plan);
    return 0;
  }
  const Interrupt interrupt;
  Terminal terminal(style, style == Style::single_trial && !asked.json ? stdout : stderr);
  const app::Finished done = app::run(std::move(plan), terminal, interrupt.token());
  return done.trials.empty() ? interrupted : conclude(done, asked.json, style);
}

}  // namespace basin::cli
