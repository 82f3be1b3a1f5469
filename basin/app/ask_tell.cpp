#include "basin/app/ask_tell.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "basin/app/search_plan.hpp"
#include "basin/core/error.hpp"
#include "basin/records/json.hpp"
#include "basin/report/environment.hpp"
#include "basin/study/problem_info.hpp"
#include "basin/study/source.hpp"

namespace basin::app {
namespace {

using study::State;

constexpr const char* by_hand = "told-by-hand";  // in the place of a command

study::Study new_study(const StudyFolder& folder, const Request& request) {
  if (!request.search || request.search->spaces.empty())
    throw InputError(
        fmt::format("{} holds no study; begin one with --search lr=1e-5..1e-1 --metric 'val_loss min'",
                    folder.path.string()));
  if (!request.program) throw InputError("--metric is missing: write it like --metric 'val_loss min'");
  Program program = *request.program;
  program.command = {by_hand};
  check(program);
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  study::ProblemInfo info{.problem = program_problem(folder.name(), program)};
  study::Settings settings = request.settings;
  settings.problem = info.problem.name, settings.epochs = 1;
  return {
      .name = folder.name(),
      .settings = settings,
      .trials = {},
      .design = request.design,
      .command = request.command,
      .created = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::chrono::system_clock::to_time_t(now))),
      .environment = report::environment(1, 1, "").dump(),
      .problem = study::Json(info).dump(),
      .search = program_search(*request.search, folder.name())};
}

// Returns the study in a store. Throws unless people tell the results of its trials.
study::Study study_by_hand(const study::Store& store, const StudyFolder& folder) {
  std::optional<study::Study> study = store.study();
  if (!study) throw InputError(fmt::format("{} holds no study", folder.path.string()));
  const Problem problem = study::problem_of(*study);
  if (!problem.program || problem.program->command != Words{by_hand})
    throw InputError(fmt::format("{} is run by basin itself; --resume continues it", folder.path.string()));
  return std::move(*study);
}

[[noreturn]] void refuse_ask(const study::Search& search, const std::vector<study::StoredTrial>& trials) {
  const auto open = std::ranges::find_if(
      trials, [](const study::StoredTrial& t) { return t.result.state == State::running; });
  if (open == trials.end())
    throw InputError(fmt::format("all {} trials of the search have a result", trials.size()));
  throw InputError(
      fmt::format("trial {} must be told first: trial {} is chosen from the results of trials up to {}",
                  open->trial.number, trials.size(), static_cast<int>(trials.size()) - search.lag));
}

}  // namespace

study::Trial ask(const StudyFolder& folder, const Request& request) {
  const Place place = look_at(folder);
  if (place == Place::something_else)
    throw InputError(
        fmt::format("{} holds something else; name a new or an empty folder", folder.path.string()));
  std::optional<study::Study> fresh;
  if (place != Place::study) fresh = new_study(folder, request);  // throws before anything is written
  std::filesystem::create_directories(folder.path);
  const auto store = study::open_sqlite(folder.store().string());
  if (fresh && !store->study()) store->create(*fresh);
  const study::Study study = study_by_hand(*store, folder);
  std::vector<study::StoredTrial> trials = store->trials();
  const auto waiting = [&] {
    return std::ranges::find_if(trials, [](const auto& t) { return t.result.state == State::waiting; });
  };
  if (waiting() == trials.end()) {
    store->add(study::source_of(study)->next(trials));
    trials = store->trials();
  }
  if (waiting() == trials.end()) refuse_ask(*study.search, trials);
  store->start(waiting()->trial.number);
  return waiting()->trial;
}

void tell(const StudyFolder& folder, int number, double value) {
  if (look_at(folder) != Place::study)
    throw InputError(fmt::format("{} holds no study", folder.path.string()));
  const auto store = study::open_sqlite(folder.store().string());
  const study::Study study = study_by_hand(*store, folder);
  const auto trials = store->trials();
  const bool there = number >= 0 && number < static_cast<int>(trials.size());
  if (!there || trials[static_cast<std::size_t>(number)].result.state != State::running)
    throw InputError(there
                         ? fmt::format("trial {} is {}, not running", number,
                                       study::name_of(trials[static_cast<std::size_t>(number)].result.state))
                         : fmt::format("trial {} does not exist; there are {}", number, trials.size()));
  const std::string metric = study::metric_of(study).name;
  const bool finite = std::isfinite(value);
  store->record(number, {.epoch = 1, .validation = {{metric, value}}});
  store->finish(number, {.state = finite ? State::complete : State::diverged,
                         .reason = finite ? "" : metric + " is not finite",
                         .best_epoch = finite ? 1 : 0,
                         .validation = {{metric, value}}});
}

}  // namespace basin::app
