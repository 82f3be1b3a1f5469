// A study through the library alone: no command, no terminal, a worker that trains nothing.
#include "basin/app/run.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <csignal>
#include <functional>
#include <nlohmann/json.hpp>
#include <sstream>

#include "basin/app/find_rate.hpp"
#include "basin/core/error.hpp"
#include "tests/data/samples.hpp"
#include "tests/paths.hpp"

namespace basin::app {
namespace {

namespace fs = std::filesystem;

// Writes down what it is told, and does `then` after every epoch.
struct Recorder : Observer {
  std::vector<std::string> said;
  std::vector<fs::path> written;
  std::vector<std::string> warnings;
  int epochs = 0;
  std::function<void()> then = [] {};

  void on_load(const std::string& data) override { said.push_back("load " + data); }
  void on_loaded() override { said.emplace_back("loaded"); }
  void on_plan(const Plan& plan) override { said.push_back("plan of " + std::to_string(plan.trials.size())); }
  void on_other_versions(const std::string& which) override { said.push_back(which); }
  void on_begin(int trials) override { said.push_back("begin " + std::to_string(trials)); }
  void on_end() override { said.emplace_back("end"); }
  void on_written(const fs::path& file) override { written.push_back(file); }
  void on_start(const study::Trial& trial, int) override {
    said.push_back("start " + std::to_string(trial.number));
  }
  void on_epoch(int, const study::Epoch&) override { ++epochs, then(); }
  void on_warning(int, const std::string& text) override { warnings.push_back(text); }
  void on_finish(int number, const study::Result& result) override {
    said.push_back(study::name_of(result.state) + " " + std::to_string(number));
  }
  void on_tests(int count) override { said.push_back("tests " + std::to_string(count)); }
};

class AppRun : public testing::Test {
 protected:
  AppRun() { samples::mnist_files(folder_ / "data", 40, 20); }
  Request request(const std::string& out, int epochs = 2) const {
    Request out_request{.out = folder_ / out, .worker = paths::fake_worker, .data_dir = folder_ / "data"};
    out_request.arms.optimizers = {"sgd", "adam"};
    out_request.arms.lr = {0.1, 0.01};
    out_request.settings.epochs = epochs;
    out_request.jobs = 1;
    return out_request;
  }
  // A worker that does `act` in trial 0.
  fs::path worker_that(const std::string& act) const {
    const fs::path script = folder_ / "worker";
    std::ofstream(script) << "#!/bin/sh\nexec '" << paths::fake_worker << "' \"$@\" --trial 0 " << act
                          << "\n";
    ::chmod(script.c_str(), 0755);
    return script;
  }
  Finished run(const Request& asked) { return app::run(asked, recorder_, stop_.get_token()); }
  std::string text_of(const fs::path& file) const {
    std::ostringstream out;
    out << std::ifstream(folder_ / file).rdbuf();
    return out.str();
  }

  samples::Folder folder_;
  Recorder recorder_;
  std::stop_source stop_;
};

TEST_F(AppRun, TrainsTestsAndWritesTheReport) {
  const Finished done = run(request("out"));
  EXPECT_FALSE(done.stopped);
  ASSERT_EQ(done.trials.size(), 4u);
  std::size_t tested = 0, weights = 0;
  for (const study::StoredTrial& stored : done.trials) {
    EXPECT_EQ(stored.result.state, study::State::complete);
    tested += stored.test.has_value();
    weights += fs::exists(study::weights_path(done.plan.folder.weights(), stored.trial.number));
  }
  EXPECT_EQ(done.untested(), 0);
  EXPECT_EQ(tested, 2u) << "the selected configuration of each optimizer";
  EXPECT_EQ(weights, 2u) << "of those that were tested";
  EXPECT_EQ(done.document, text_of("out/results.json"));
  const auto document = nlohmann::json::parse(done.document);
  EXPECT_EQ(document["study"]["state"], "complete");
  EXPECT_EQ(document["study"]["problem"]["name"], "fmnist-cnn");
  for (const fs::path& file : recorder_.written) EXPECT_TRUE(fs::exists(file)) << file;
}

TEST_F(AppRun, TellsTheObserverEverythingInOrder) {
  const Finished done = run(request("out"));
  EXPECT_EQ(recorder_.said,
            (std::vector<std::string>{"load fashion-mnist", "loaded", "plan of 4", "begin 4", "start 0",
                                      "complete 0", "start 1", "complete 1", "start 2", "complete 2",
                                      "start 3", "complete 3", "tests 2", "end"}));
  EXPECT_EQ(recorder_.epochs, 8);
  EXPECT_EQ(recorder_.written, done.plan.folder.outputs());
}

TEST_F(AppRun, StopsWhenItIsAskedToAndGoesOnToTheSameStudy) {
  recorder_.then = [this] {
    if (recorder_.epochs == 5) stop_.request_stop();
  };
  const Finished stopped = run(request("out", 3));
  EXPECT_TRUE(stopped.stopped);
  EXPECT_GE(stopped.count(study::State::waiting), 2) << "trial 1 may have ended before it heard of the stop";
  EXPECT_EQ(stopped.trials.size(), 4u);
  EXPECT_EQ(nlohmann::json::parse(stopped.document)["study"]["state"], "interrupted");
  EXPECT_EQ(std::ranges::count(recorder_.said, "tests 2"), 0);
  EXPECT_EQ(recorder_.said.back(), "end");

  recorder_ = {}, stop_ = {};
  Request again = request("out", 3);
  EXPECT_THROW(run(again), InputError) << "nobody goes on with a study unasked";
  again.resume = true;
  const Finished done = run(again);
  EXPECT_FALSE(done.stopped);
  EXPECT_EQ(std::ranges::count(recorder_.said, "start 0"), 0) << "it had its result";
  run(request("whole", 3));
  EXPECT_EQ(text_of("out/curves.csv"), text_of("whole/curves.csv"));
}

TEST_F(AppRun, AStopBeforeTheWorkersAnswerLeavesNothing) {
  stop_.request_stop();
  const Finished done = run(request("out"));
  EXPECT_TRUE(done.stopped);
  EXPECT_TRUE(done.trials.empty());
  EXPECT_FALSE(fs::exists(folder_ / "out"));
}

// Trial 0 fails in the first run; in the second, another program warns and completes it.
TEST_F(AppRun, PrintsNothingWhateverHappens) {
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  Request asked = request("out");
  asked.worker = worker_that("exit");
  const Finished failed = run(asked);
  asked.worker = worker_that("keep");
  asked.resume = true;
  const Finished done = run(asked);
  asked.settings.epochs = 5;
  EXPECT_THROW(run(asked), InputError) << "another study";
  const std::string out = testing::internal::GetCapturedStdout(),
                    err = testing::internal::GetCapturedStderr();
  EXPECT_EQ(failed.count(study::State::failed), 1);
  EXPECT_EQ(failed.trials[0].result.state, study::State::failed);
  EXPECT_EQ(done.trials[0].result.state, study::State::complete);
  EXPECT_EQ(std::ranges::count(recorder_.warnings, "the disk is full"), 2);
  EXPECT_TRUE(std::ranges::any_of(recorder_.said, [](const std::string& text) {
    return text.starts_with("the study was created with the worker program of crc32 ");
  }));
  EXPECT_EQ(out, "");
  EXPECT_EQ(err, "");
}

TEST_F(AppRun, HandlesNoSignal) {
  const auto handler = [](int signal) {
    struct sigaction action{};
    ::sigaction(signal, nullptr, &action);
    return action.sa_handler;
  };
  std::vector<int> changed;
  recorder_.then = [&] {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGCHLD})
      if (handler(signal) != SIG_DFL) changed.push_back(signal);
  };
  run(request("out"));
  EXPECT_EQ(changed, std::vector<int>{});
}

TEST_F(AppRun, AWrongRequestIsRefusedBeforeAnythingIsWritten) {
  const auto refused = [&](const std::string& why, const std::function<void(Request&)>& change) {
    Request asked = request("out");
    change(asked);
    samples::expect_message<InputError>([&] { run(asked); }, why);
    EXPECT_FALSE(fs::exists(folder_ / "out"));
  };
  refused("unknown problem", [](Request& r) { r.problem = "fmnist-cn", r.worker.reset(); });
  refused("no value for optimizers", [](Request& r) { r.arms.optimizers.clear(); });
  refused("unknown optimizer 'adma'", [](Request& r) { r.arms.optimizers = {"adma"}; });
  refused("unknown initializer", [](Request& r) { r.arms.words["init"] = {"he_norml"}; });
  refused("unknown knob 'l3'", [](Request& r) { r.arms.words["regularize"] = {"l3 1"}; });
  refused("crop = 1.5 pixels", [](Request& r) { r.arms.words["augment"] = {"crop 1.5"}; });
  refused("normalize: 'maybe' is not on or off", [](Request& r) { r.arms.words["normalize"] = {"maybe"}; });
  refused("unknown schedule", [](Request& r) { r.arms.words["schedule"] = {"cosin"}; });
  refused("unknown role", [](Request& r) { r.arms.words["groups"] = {"nrom: lr 0"}; });
  refused("unknown design", [](Request& r) { r.design = "gird"; });
  refused("epochs = -1; it must be 0 or more", [](Request& r) { r.settings.epochs = -1; });
  refused("train_size = -5", [](Request& r) { r.settings.train_size = -5; });
  refused("micro_batch = -1", [](Request& r) { r.settings.micro_batch = -1; });
  refused("threads = 0; it must be 1 or more", [](Request& r) { r.settings.threads = 0; });
  refused("seeds = 0", [](Request& r) { r.seeds = 0; });
  refused("jobs = 0", [](Request& r) { r.jobs = 0; });
  refused("checkpoint_every = -1", [](Request& r) { r.checkpoint_every = -1; });
  refused("stalled_after = inf", [](Request& r) { r.stalled_after = unbounded; });
  refused("is not an executable program", [](Request& r) { r.worker = "nowhere"; });
  refused("35 is more than the 34 examples", [](Request& r) { r.settings.train_size = 35; });
}

TEST_F(AppRun, FindsARate) {
  const RangeTest test{.from = 1e-4, .to = 1, .steps = 80};
  const auto found = find_rate(request("out"), test, recorder_, stop_.get_token());
  ASSERT_TRUE(found);
  EXPECT_EQ(found->trial.config.optimizer, "sgd");
  EXPECT_EQ(found->curve.losses.size(), 80u);
  EXPECT_NEAR(std::log10(found->curve.suggestion), -2, 0.1);
  EXPECT_EQ(recorder_.said, (std::vector<std::string>{"load fashion-mnist", "loaded"}));
  EXPECT_FALSE(fs::exists(folder_ / "out"));
  stop_.request_stop();
  EXPECT_FALSE(find_rate(request("out"), test, recorder_, stop_.get_token()));
}

}  // namespace
}  // namespace basin::app
