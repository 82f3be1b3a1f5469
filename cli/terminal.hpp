// Shows a run as it happens: bars on a terminal, plain lines elsewhere.
#pragma once
#include <chrono>
#include <cstdio>
#include <map>
#include <optional>

#include "basin/app/run.hpp"
#include "cli/progress_text.hpp"
#include "cli/screen.hpp"
#include "cli/slow_notice.hpp"

namespace basin::cli {

// How much is shown: a comparison ends with the ranking table; a single trial shows every epoch and its test
// result.
enum class Style { comparison, single_trial };

class Terminal : public app::Observer {
 public:
  // Permanent lines about trials are printed to `lines`, everything else to standard error.
  Terminal(Style style, std::FILE* lines) : style_(style), lines_(lines) {}
  ~Terminal() override;

  void on_load(const std::string& data_set) override;
  void on_loaded() override;
  void on_plan(const app::Plan& plan) override;
  void on_locked(const std::filesystem::path& store) override;
  void on_other_versions(const std::string& which) override;
  void on_begin(int trials) override;
  void on_end() override;

  void on_start(const study::Trial& trial, int worker) override;
  void on_progress(int number, const study::Progress& progress) override;
  void on_epoch(int number, const study::Epoch& epoch) override;
  void on_warning(int number, const std::string& text) override;
  void on_finish(int number, const study::Result& result) override;
  void on_tests(int count) override;
  void on_test(int number, const study::TestResult& result) override;
  void on_test_failed(int number, const std::string& reason) override;
  void on_worker_lost(int worker, const std::string& reason) override;

 private:
  using Clock = std::chrono::steady_clock;
  struct Run {
    RunningTrial shown;
    Clock::time_point start;
  };
  // Prints a permanent line, above the bars.
  void say(const std::string& line);
  void draw();
  ProgressState state();
  // "; about 2 min left", at the speed so far; empty without a basis for it.
  std::string time_left();

  Style style_;
  std::FILE* lines_;
  int epochs_ = 1;
  std::string metric_ = "accuracy";  // shown beside the loss
  std::optional<SlowNotice> notice_;
  std::optional<Screen> screen_;  // while trials run; absent if standard error is not a terminal
  bool open_ = false;             // trials run
  std::map<int, Run> running_;    // by the trial's number
  int finished_ = 0, total_ = 0;
  std::string what_ = "trials";
  Clock::time_point start_, drawn_;
};

}  // namespace basin::cli
