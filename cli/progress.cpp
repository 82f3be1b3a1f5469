#include "cli/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cmath>

#include "cli/units.hpp"

namespace basin::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds between_drawings{100};

double since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

}  // namespace

Progress::Progress(Settings settings) : settings_(settings) {
  if (is_terminal(STDERR_FILENO)) screen_.emplace(STDERR_FILENO);
}

Progress::~Progress() {
  if (screen_) screen_->clear();
}

void Progress::on_start(const study::Trial& trial, int) {
  running_[trial.number] = {{.label = label_of(trial), .progress = {.epochs = settings_.epochs}},
                            Clock::now()};
  draw();
}

void Progress::on_progress(int number, const study::Progress& p) {
  const auto found = running_.find(number);
  if (found == running_.end()) return;
  found->second.shown.progress = p;
  if (Clock::now() - drawn_ >= between_drawings) draw();
}

void Progress::on_epoch(int number, const study::Epoch& epoch) {
  if (screen_ && !settings_.every_epoch) return;
  say(fmt::format("{}: {}", running_[number].shown.label, epoch_text(epoch, settings_.epochs)));
}

void Progress::on_warning(int number, const std::string& text) {
  say(fmt::format("{}: {}", running_[number].shown.label, text));
}

void Progress::on_finish(int number, const study::Result& result) {
  const std::string label = running_[number].shown.label;
  running_.erase(number);
  ++finished_;
  if (settings_.every_epoch) return draw();  // the result of a single trial is printed at the end
  say(fmt::format("[{}/{}] {}: {}", finished_, settings_.total, label, result_text(result)));
}

void Progress::on_tests(int count) {
  finished_ = 0, settings_.total = count, what_ = "tests";
  start_ = Clock::now();
  if (screen_)
    draw();
  else if (!settings_.every_epoch)
    say(fmt::format("testing what validation selected: {} {}", count, count == 1 ? "trial" : "trials"));
}

void Progress::on_test(int, const study::TestResult&) {
  ++finished_;
  draw();
}

void Progress::on_test_failed(int number, const std::string& reason) {
  ++finished_;
  say(fmt::format("trial {} could not be tested: {}", number, reason));
}

void Progress::on_worker_lost(int worker, const std::string& reason) {
  say(fmt::format("worker {} {}", worker, reason));
}

void Progress::say(const std::string& line) {
  if (screen_) screen_->clear();
  // A line that cannot be written does not stop the run: the command reports it at the end.
  std::fputs((line + "\n").c_str(), settings_.lines);
  std::fflush(settings_.lines);
  draw();
}

void Progress::draw() {
  if (!screen_) return;
  drawn_ = Clock::now();
  ProgressState state{.running = {},
                      .finished = finished_,
                      .total = settings_.total,
                      .seconds = since(start_),
                      .what = what_};
  for (auto& [number, run] : running_) {
    run.shown.seconds = since(run.start);
    state.running.push_back(run.shown);
  }
  screen_->draw(progress_lines(state, screen_->width()));
}

std::string result_text(const study::Result& result) {
  std::string out = study::name_of(result.state);
  if (!result.reason.empty()) out += ": " + result.reason;
  if (result.best_epoch > 0) out += fmt::format(", best epoch {}", result.best_epoch);
  if (std::isfinite(result.validation.loss)) out += fmt::format(", val loss {:.4f}", result.validation.loss);
  if (std::isfinite(result.validation.accuracy)) out += ", val acc " + percent(result.validation.accuracy);
  return out + ", " + duration_text(result.seconds);
}

}  // namespace basin::cli
