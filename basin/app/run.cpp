#include "basin/app/run.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <set>

#include "basin/app/load_data.hpp"
#include "basin/app/lock_wait.hpp"
#include "basin/app/plan_checks.hpp"
#include "basin/app/same_study.hpp"
#include "basin/app/worker_program.hpp"
#include "basin/core/error.hpp"
#include "basin/core/whole_file.hpp"
#include "basin/data/checksums.hpp"
#include "basin/study/ranking.hpp"
#include "basin/study/source.hpp"

namespace basin::app {
namespace fs = std::filesystem;
namespace {

using study::State;

// Records the checksums of the data, and checks the plan against the data.
Data load_data(Plan& plan, Observer& observer) {
  if (plan.data) return plan.data;
  Data data = load_data(plan.problem, plan.request.data_dir, observer);
  if (!data) return data;
  plan.settings.checksums = data::checksums(*data);
  const std::vector<study::Trial> trials = trials_to_check(plan);
  check_sizes(plan.problem, plan.settings.train_size, trials);
  check_schedules(plan.problem, plan.settings, trials);
  return data;
}

study::PoolSettings pool_settings(const Plan& plan, const Data& data) {
  study::PoolSettings out{.program = plan.worker.string(),
                          .arguments = {},
                          .jobs = plan.jobs,
                          .threads = plan.settings.threads,
                          .logs = plan.folder.logs().string()};
  const std::chrono::duration<double> stalled(plan.request.stalled_after);
  out.longest_silence = std::chrono::ceil<std::chrono::milliseconds>(stalled);
  share(data, out);
  return out;
}

study::Study study_of(const Plan& plan, const study::Json& hello) {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return {
      .name = plan.folder.name(),
      .settings = plan.settings,
      .trials = plan.trials,
      .design = plan.request.design,
      .command = plan.request.command,
      .created = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::chrono::system_clock::to_time_t(now))),
      .environment = environment_of(plan, hello).dump(),
      .problem = study::Json(plan.problem).dump(),
      .search = plan.search};
}

// Only the selected configurations are evaluated on the test split. The other weights are no longer needed,
// unless a retry of failed trials may select another configuration.
void keep_selected_weights(const Plan& plan, const std::vector<study::StoredTrial>& trials) {
  const Problem& problem = plan.problem.problem;
  std::set<int> kept;
  for (const study::RankingRow& row : study::rank(trials, ranking_metric(problem), problem.target))
    kept.insert(row.trials.begin(), row.trials.end());
  std::error_code error;
  for (const study::StoredTrial& stored : trials) {
    const int number = stored.trial.number;
    if (!kept.contains(number))
      fs::remove(study::weights_path(plan.folder.weights().string(), number), error);
  }
}

int count_of(const std::vector<study::StoredTrial>& trials, State state) {
  return static_cast<int>(
      std::ranges::count(trials, state, [](const auto& stored) { return stored.result.state; }));
}

bool nothing_left(const study::Store& store, const Metric& metric) {
  const auto trials = store.trials();
  return count_of(trials, State::waiting) == 0 && study::source_of(*store.study())->next(trials).empty() &&
         study::to_be_tested(trials, metric).empty();
}

// Returns the number of trials that have no result yet.
int still_to_run(const Plan& plan, const std::vector<study::StoredTrial>& trials) {
  const int ended =
      static_cast<int>(trials.size()) - count_of(trials, State::waiting) - count_of(trials, State::running);
  return std::max(0, static_cast<int>(trial_count(plan)) - ended);
}

// Carries out one plan.
class Run {
 public:
  Run(Plan plan, Observer& observer, std::stop_token stop)
      : plan_(std::move(plan)), observer_(observer), stop_(std::move(stop)), lock_(observer_, stop_) {}

  Finished operator()() {
    plan_.worker = plan_.request.program ? find_program_worker() : find_worker(plan_.request.worker);
    const Data data = load_data(plan_, observer_);
    if (plan_.begun) check_same_study(*plan_.begun, plan_);  // again, now that the data are known
    observer_.on_plan(plan_);
    const auto store = plan_.begun ? resume(data) : begin(data);
    Finished out{.plan = plan_, .trials = {}, .document = {}, .stopped = stop_.stop_requested()};
    if (!store) return out;
    out.trials = store->trials();
    out.document = write_outputs(plan_.folder, {*store->study(), out.trials});
    for (const fs::path& file : plan_.folder.outputs()) observer_.on_written(file);
    out.stopped = stop_.stop_requested();
    if (!out.stopped && out.count(State::failed) == 0) keep_selected_weights(plan_, out.trials);
    return out;
  }

 private:
  Metric metric() const { return ranking_metric(plan_.problem.problem); }

  // Trains the waiting trials and tests what validation selected, until it is stopped.
  void run_what_is_left(study::Store& store, study::Pool& pool) {
    const std::string weights = plan_.folder.weights().string();
    const study::Checkpointing checkpoints{plan_.folder.checkpoints().string(),
                                           plan_.request.checkpoint_every};
    observer_.on_begin(still_to_run(plan_, store.trials()));
    if (!study::run_study(store, pool, weights, observer_, stop_, checkpoints).stopped)
      study::run_tests(store, pool, weights, study::to_be_tested(store.trials(), metric()), observer_, stop_);
    observer_.on_end();
  }

  // Continues the study in the plan's folder.
  std::unique_ptr<study::Store> resume(const Data& data) {
    lock_.file = plan_.folder.store();
    auto store = study::open_sqlite(plan_.folder.store().string(), std::ref(lock_));
    store->reclaim();
    store->retry_failed();
    if (nothing_left(*store, metric())) return store;
    fs::create_directories(plan_.folder.logs());
    study::Pool pool(pool_settings(plan_, data));
    const auto hello = pool.hello(stop_);
    if (!hello) return store;
    if (const std::string which = other_versions(*plan_.begun, environment_of(plan_, *hello)); !which.empty())
      observer_.on_other_versions(which);
    run_what_is_left(*store, pool);
    return store;
  }

  // Creates the study once its workers answer. Returns nothing if it was stopped before that.
  std::unique_ptr<study::Store> begin(const Data& data) {
    NewStudy made(plan_.folder, plan_.problem.problem.name, plan_.request.resume, std::ref(lock_));
    plan_.folder = made.folder();
    lock_.file = plan_.folder.store();
    made.make_logs();
    study::Pool pool(pool_settings(plan_, data));
    const auto hello = pool.hello(stop_);
    if (!hello) return nullptr;
    made.store().create(study_of(plan_, *hello));
    if (!plan_.request.file.empty()) write_atomically(plan_.folder.file(), plan_.request.file);
    auto store = made.keep();
    run_what_is_left(*store, pool);
    return store;
  }

  Plan plan_;
  Observer& observer_;
  std::stop_token stop_;
  LockWait lock_;
};

}  // namespace

int Finished::count(State state) const { return count_of(trials, state); }

int Finished::untested() const {
  return static_cast<int>(study::to_be_tested(trials, ranking_metric(plan.problem.problem)).size());
}

Finished run(const Request& request, Observer& observer, std::stop_token stop) {
  return run(make_plan(request), observer, std::move(stop));
}

Finished run(Plan plan, Observer& observer, std::stop_token stop) {
  return Run(std::move(plan), observer, std::move(stop))();
}

}  // namespace basin::app
