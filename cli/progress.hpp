// Progress of a run: bars on a terminal, plain lines elsewhere.
#pragma once
#include <chrono>
#include <cstdio>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "basin/study/runner.hpp"
#include "cli/progress_text.hpp"
#include "cli/screen.hpp"

namespace basin::cli {

class Progress : public study::Observer {
 public:
  struct Settings {
    int epochs = 1;
    int total = 0;              // trials of this run
    bool every_epoch = false;   // one line per epoch, also on a terminal
    std::FILE* lines = stderr;  // where permanent lines are printed
  };
  explicit Progress(Settings settings);
  ~Progress() override;

  void on_start(const study::Trial& trial, int worker) override;
  void on_progress(int number, const study::Progress& progress) override;
  void on_epoch(int number, const study::Epoch& epoch) override;
  void on_warning(int number, const std::string& text) override;
  void on_finish(int number, const study::Result& result) override;
  void on_tests(int count) override;
  void on_test(int number, const study::TestResult& result) override;
  void on_test_failed(int number, const std::string& reason) override;
  void on_worker_lost(int worker, const std::string& reason) override;
  // Prints a permanent line.
  void say(const std::string& line);

 private:
  using Clock = std::chrono::steady_clock;
  struct Run {
    RunningTrial shown;
    Clock::time_point start;
  };
  void draw();
  Settings settings_;
  std::optional<Screen> screen_;  // absent if standard error is not a terminal
  std::map<int, Run> running_;    // by the trial's number
  int finished_ = 0;
  std::string what_ = "trials";
  Clock::time_point start_ = Clock::now(), drawn_{};
};

// "complete, best epoch 3, val loss 0.3100, val acc 89.12, 12 s", or the state and its reason.
std::string result_text(const study::Result& result);

}  // namespace basin::cli
