#include "cli/experiment.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <set>

#include "basin/core/error.hpp"
#include "basin/data/checksums.hpp"
#include "basin/data/data_sets.hpp"
#include "basin/study/pool.hpp"
#include "basin/study/ranking.hpp"
#include "basin/study/runner.hpp"
#include "cli/command_line.hpp"
#include "cli/experiment_output.hpp"
#include "cli/interrupt.hpp"
#include "cli/lock_wait.hpp"
#include "cli/patience.hpp"
#include "cli/plan.hpp"
#include "cli/progress.hpp"
#include "cli/same_study.hpp"
#include "cli/worker_program.hpp"

namespace basin::cli {
namespace fs = std::filesystem;
namespace {

constexpr int failed = 1, interrupted = 130;

// If the files hold other counts than their data set declares, the files' counts apply. Records the checksums
// of the data.
std::optional<data::SharedSet> load_data(Plan& plan, const std::optional<fs::path>& data_dir) {
  study::ProblemInfo& info = plan.problem;
  if (info.problem.data.empty()) return std::nullopt;
  const Patience patience(fmt::format("reading {} ...", info.problem.data), stderr);
  data::SharedSet set = data::load(info.problem.data, data_dir);
  const data::ImageSet view = set.view();
  take_counts(info, {view.train_count(), view.test_count()});
  plan.settings.checksums = data::checksums(view);
  check_sizes(info, plan.settings.train_size, plan.trials);
  check_schedules(plan);
  return set;
}

study::PoolSettings pool_settings(const Plan& plan, const Request& request,
                                  const std::optional<data::SharedSet>& set) {
  study::PoolSettings out{.program = plan.worker.string(),
                          .arguments = {},
                          .jobs = plan.jobs,
                          .threads = plan.settings.threads,
                          .logs = plan.folder.logs().string()};
  const std::chrono::duration<double> stalled(request.stalled_after);
  out.longest_silence = std::chrono::ceil<std::chrono::milliseconds>(stalled);
  if (set) out.data = set->fd(), out.data_bytes = set->bytes();
  return out;
}

void create_study(study::Store& store, const Plan& plan, const Request& request, const study::Json& hello) {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  store.create({.name = plan.folder.name(),
                .settings = plan.settings,
                .trials = plan.trials,
                .design = request.design,
                .command = request.command,
                .created = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}",
                                       fmt::gmtime(std::chrono::system_clock::to_time_t(now))),
                .environment = environment_of(plan, hello).dump(),
                .problem = study::Json(plan.problem).dump()});
}

// Only the selected configurations are evaluated on the test split. The other weights are no longer needed,
// unless a retry of failed trials may select another configuration.
void keep_selected_weights(const Plan& plan, const std::vector<study::RankingRow>& ranking) {
  std::set<int> kept;
  for (const study::RankingRow& row : ranking) kept.insert(row.trials.begin(), row.trials.end());
  std::error_code error;
  for (const study::Trial& trial : plan.trials) {
    if (!kept.contains(trial.number))
      fs::remove(study::weights_path(plan.folder.weights().string(), trial.number), error);
  }
}

int waiting(const std::vector<study::StoredTrial>& trials) {
  return static_cast<int>(std::ranges::count(trials, study::State::waiting,
                                             [](const auto& stored) { return stored.result.state; }));
}

bool has_failed(const study::StoredTrial& stored) { return stored.result.state == study::State::failed; }

// Prints messages about the lock above the progress bars while there are any.
class AboveTheBars {
 public:
  AboveTheBars(LockWait& lock, Progress& bars) : lock_(lock) {
    lock.say = [&bars](const std::string& line) { bars.say(line); };
  }
  AboveTheBars(const AboveTheBars&) = delete;
  ~AboveTheBars() { lock_.say = nullptr; }

 private:
  LockWait& lock_;
};

// How a plan is carried out.
struct Run {
  const Asked& asked;
  Style style;
  LockWait& lock;
  std::stop_token stop;
};

// Trains the waiting trials and tests what validation selected, until it is stopped.
void run_what_is_left(study::Store& store, const Plan& plan, study::Pool& pool, const Run& run) {
  const std::string weights = plan.folder.weights().string();
  const bool single = run.style == Style::single_trial;
  Progress progress({.epochs = plan.settings.epochs,
                     .total = waiting(store.trials()),
                     .every_epoch = single,
                     .lines = single && !run.asked.json ? stdout : stderr});
  const AboveTheBars saying(run.lock, progress);
  const study::Checkpointing checkpoints{plan.folder.checkpoints().string(),
                                         run.asked.request.checkpoint_every};
  if (study::run_study(store, pool, weights, progress, run.stop, checkpoints).stopped) return;
  const auto selected = study::to_be_tested(store.trials(), plan.problem.problem.metric);
  study::run_tests(store, pool, weights, selected, progress, run.stop);
}

bool nothing_left(const study::Store& store, const Plan& plan) {
  const auto trials = store.trials();
  return waiting(trials) == 0 && study::to_be_tested(trials, plan.problem.problem.metric).empty();
}

// Continues the study in the plan's folder.
std::unique_ptr<study::Store> resume_study(const Plan& plan, const std::optional<data::SharedSet>& set,
                                           const Run& run) {
  run.lock.file = plan.folder.store().string();
  auto store = study::open_sqlite(plan.folder.store().string(), std::ref(run.lock));
  store->reclaim();
  store->retry_failed();
  if (nothing_left(*store, plan)) return store;
  fs::create_directories(plan.folder.logs());
  study::Pool pool(pool_settings(plan, run.asked.request, set));
  const auto hello = pool.hello(run.stop);
  if (!hello) return store;
  if (const std::string text = other_versions(*plan.begun, environment_of(plan, *hello)); !text.empty())
    fmt::print(stderr, "basin: {}\n", text);
  run_what_is_left(*store, plan, pool, run);
  return store;
}

// Creates the study once its workers answer. Returns nothing if it was stopped before that.
std::unique_ptr<study::Store> begin_study(Plan& plan, const std::optional<data::SharedSet>& set,
                                          const Run& run) {
  NewStudy made(plan.folder, plan.problem.problem.name, run.asked.request.resume, std::ref(run.lock));
  plan.folder = made.folder();
  run.lock.file = plan.folder.store().string();
  made.make_logs();
  study::Pool pool(pool_settings(plan, run.asked.request, set));
  const auto hello = pool.hello(run.stop);
  if (!hello) return nullptr;
  create_study(made.store(), plan, run.asked.request, *hello);
  auto store = made.keep();
  run_what_is_left(*store, plan, pool, run);
  return store;
}

std::string still_to_do(const std::vector<study::StoredTrial>& trials) {
  return fmt::format("interrupted, {} of {} trials are still to do; continue", waiting(trials),
                     trials.size());
}

// Returns an empty text if every trial has a result (a divergence is one) and every selected trial a test.
std::string went_wrong(const std::vector<study::StoredTrial>& trials, Metric metric) {
  const auto lost = std::ranges::count_if(trials, has_failed);
  const std::size_t untested = study::to_be_tested(trials, metric).size();
  if (lost == 0 && untested == 0) return "";
  std::string what = lost > 0 ? fmt::format("{} of {} trials failed", lost, trials.size()) : "";
  if (untested > 0)
    what += fmt::format("{}{} of {} trials could not be tested", what.empty() ? "" : ", ", untested,
                        trials.size());
  return what + "; try again";
}

// Does everything after the plan.
int carry_out(Plan plan, const Asked& asked, Style style) {
  const Request& request = asked.request;
  plan.worker = find_worker(request.worker);
  const Interrupt interrupt;
  LockWait lock(interrupt.token());
  const Run how{asked, style, lock, interrupt.token()};
  const auto set = load_data(plan, request.data_dir);
  if (plan.begun) check_same_study(*plan.begun, plan);  // again, now that the data are known
  fmt::print(stderr, "{}: {}\n", plan.problem.problem.name, summary_of(plan));
  const auto store = plan.begun ? resume_study(plan, set, how) : begin_study(plan, set, how);
  if (!store) return interrupted;
  const auto trials = store->trials();
  const std::string document = write_outputs(plan.folder, {*store->study(), trials});
  const bool stopped = interrupt.token().stop_requested();
  const Problem& problem = plan.problem.problem;
  if (!stopped && std::ranges::none_of(trials, has_failed))
    keep_selected_weights(plan, study::rank(trials, problem.metric, problem.target));
  if (asked.json)
    fmt::print("{}", document);
  else
    print_results(plan, trials, style);
  const std::string left = stopped ? still_to_do(trials) : went_wrong(trials, problem.metric);
  if (!left.empty())
    fmt::print(stderr, "basin: {} with\n  {} --out {} --resume\n", left, request.command,
               shell_word(plan.folder.path.string()));
  return stopped ? interrupted : left.empty() ? 0 : failed;
}

}  // namespace

int run_experiment(const Asked& asked, Style style) {
  const Plan plan = make_plan(asked.request);
  if (asked.dry_run) {
    print_trials(plan);
    return 0;
  }
  return carry_out(plan, asked, style);
}

}  // namespace basin::cli
