#include "cli/experiment.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <set>

#include "basin/core/error.hpp"
#include "basin/data/data_sets.hpp"
#include "basin/report/environment.hpp"
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

namespace basin::cli {
namespace fs = std::filesystem;
namespace {

constexpr int interrupted = 130;

// A folder that goes away again unless what it was made for came about.
class NewFolder {
 public:
  explicit NewFolder(const fs::path& path) : path_(path), made_(!fs::exists(path)) {
    std::error_code error;
    fs::create_directories(path, error);
    if (error) throw Error(fmt::format("{}: cannot make this folder: {}", path.string(), error.message()));
  }
  NewFolder(const NewFolder&) = delete;
  ~NewFolder() {
    std::error_code error;
    if (!kept_ && made_) fs::remove_all(path_, error);
  }
  void keep() { kept_ = true; }

 private:
  fs::path path_;
  bool made_, kept_ = false;
};

// Where the files turn out to hold other counts than their data set declares, theirs hold.
std::optional<data::SharedSet> load_data(Plan& plan, const std::optional<fs::path>& data_dir) {
  study::ProblemInfo& info = plan.problem;
  if (info.problem.data.empty()) return std::nullopt;
  const Patience patience(fmt::format("reading {} ...", info.problem.data), stderr);
  data::SharedSet set = data::load(info.problem.data, data_dir);
  const data::ImageSet view = set.view();
  info.validation_count = data::data_set(info.problem.data).held_out(view.train_count());
  info.train_count = view.train_count() - info.validation_count;
  info.test_count = view.test_count();
  check_train_size(plan);
  check_schedules(plan);
  return set;
}

study::PoolSettings pool_settings(const Plan& plan, const std::optional<data::SharedSet>& set) {
  study::PoolSettings out{.program = plan.worker.string(),
                          .arguments = {},
                          .jobs = plan.jobs,
                          .threads = plan.settings.threads,
                          .logs = plan.folder.logs().string()};
  if (set) out.data = set->fd(), out.data_bytes = set->bytes();
  return out;
}

void create_study(study::Store& store, const Plan& plan, const ExperimentOptions& options,
                  const study::Json& hello) {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  const std::string libtorch = hello.value("libtorch", "");
  store.create({.name = plan.folder.name(),
                .settings = plan.settings,
                .trials = plan.trials,
                .design = options.design,
                .command = options.command,
                .created = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}",
                                       fmt::gmtime(std::chrono::system_clock::to_time_t(now))),
                .environment = report::environment(plan.jobs, plan.settings.threads, libtorch).dump(),
                .problem = study::Json(plan.problem).dump()});
}

// The test split is seen by the selected configurations alone; the weights of the others are of no more use, unless
// trials that failed may be tried again and select another.
void keep_selected_weights(const Plan& plan, const std::vector<study::RankingRow>& ranking) {
  std::set<fs::path> kept;
  for (const study::RankingRow& row : ranking) {
    for (const int number : row.trials)
      kept.insert(study::weights_path(plan.folder.weights().string(), number));
  }
  std::error_code error;
  for (const auto& file : fs::directory_iterator(plan.folder.weights(), error)) {
    if (!kept.contains(file.path())) fs::remove(file.path(), error);
  }
}

int waiting(const std::vector<study::StoredTrial>& trials) {
  return static_cast<int>(std::ranges::count(trials, study::State::waiting,
                                             [](const auto& stored) { return stored.result.state; }));
}

bool has_failed(const study::StoredTrial& stored) { return stored.result.state == study::State::failed; }

// What is said of the lock stands above the bars as long as there are any.
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

// Trains what waits and tests what validation selected, as far as nobody stops it.
void run_what_is_left(study::Store& store, const Plan& plan, study::Pool& pool, double checkpoint_every,
                      Style style, std::FILE* lines, LockWait& lock, const std::atomic<int>& stop) {
  const std::string weights = plan.folder.weights().string();
  Progress progress({.epochs = plan.settings.epochs,
                     .total = waiting(store.trials()),
                     .every_epoch = style == Style::single_trial,
                     .lines = lines});
  const AboveTheBars saying(lock, progress);
  const study::Checkpointing checkpoints{plan.folder.checkpoints().string(), checkpoint_every};
  if (study::run_study(store, pool, weights, progress, stop, checkpoints).stopped) return;
  const auto selected = study::to_be_tested(store.trials(), plan.problem.problem.metric);
  study::run_tests(store, pool, weights, selected, progress, stop);
}

bool nothing_left(const study::Store& store, const Plan& plan) {
  const auto trials = store.trials();
  return waiting(trials) == 0 && study::to_be_tested(trials, plan.problem.problem.metric).empty();
}

// Makes or takes up the study in the plan's folder and runs it. A folder that it made is gone again when the workers do
// not answer. Nothing when it was stopped before there was a study.
std::unique_ptr<study::Store> run_study_of(Plan& plan, const ExperimentOptions& options, Style style,
                                           LockWait& lock, const std::atomic<int>& stop) {
  const std::optional<data::SharedSet> set = load_data(plan, options.data_dir);
  NewFolder folder(plan.folder.path);
  auto store = study::open_sqlite(plan.folder.store().string(), std::ref(lock));
  if (plan.resumes) {
    folder.keep();
    store->reclaim();
    store->retry_failed();
    if (nothing_left(*store, plan)) return store;
  }
  fs::create_directories(plan.folder.logs());
  study::Pool pool(pool_settings(plan, set));
  const auto hello = pool.hello(stop);
  if (!hello) return plan.resumes ? std::move(store) : nullptr;
  if (!plan.resumes) create_study(*store, plan, options, *hello);
  folder.keep();
  std::FILE* const lines = style == Style::single_trial && !options.json ? stdout : stderr;
  run_what_is_left(*store, plan, pool, options.checkpoint_every, style, lines, lock, stop);
  return store;
}

// Everything after the plan.
int carry_out(Plan plan, const ExperimentOptions& options, Style style) {
  const Interrupt interrupt;
  LockWait lock(plan.folder.store().string(), interrupt.flag());
  const auto store = run_study_of(plan, options, style, lock, interrupt.flag());
  if (!store) return interrupted;
  const auto trials = store->trials();
  const std::string document = write_outputs(plan.folder, {*store->study(), trials});
  if (options.json)
    fmt::print("{}", document);
  else
    print_results(plan, trials, style);
  if (interrupt.flag() != 0) {
    fmt::print(stderr,
               "basin: interrupted, {} of {} trials are still to do; go on with\n  {} --out {} --resume\n",
               waiting(trials), trials.size(), options.command, shell_word(plan.folder.path.string()));
    return interrupted;
  }
  const Problem& problem = plan.problem.problem;
  if (std::ranges::none_of(trials, has_failed))
    keep_selected_weights(plan, study::rank(trials, problem.metric, problem.target));
  return std::ranges::all_of(trials, has_failed) ? 1 : 0;
}

}  // namespace

int run_experiment(const ExperimentOptions& options, Style style) {
  const Plan plan = make_plan(options);
  if (options.dry_run) {
    print_trials(plan);
    return 0;
  }
  fmt::print(stderr, "{}: {}\n", plan.problem.problem.name, summary_of(plan));
  return carry_out(plan, options, style);
}

}  // namespace basin::cli
