#include "cli/terminal.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include "basin/app/label.hpp"
#include "basin/app/units.hpp"
#include "cli/plan_text.hpp"

namespace basin::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds between_drawings{100};

double since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

}  // namespace

Terminal::~Terminal() { on_end(); }

void Terminal::on_load(const std::string& data_set) {
  notice_.emplace(fmt::format("reading {} ...", data_set), stderr);
}

void Terminal::on_loaded() { notice_.reset(); }

void Terminal::on_plan(const app::Plan& plan) {
  epochs_ = plan.settings.epochs;
  metric_ = plan.problem.problem.metric;
  fmt::print(stderr, "{}: {}\n", plan.problem.problem.name, summary_of(plan));
  fmt::print(stderr, "{}", spaces_text(plan));
}

void Terminal::on_other_versions(const std::string& which) { fmt::print(stderr, "basin: {}\n", which); }

void Terminal::on_locked(const std::filesystem::path& store) {
  const auto line =
      fmt::format("{} is locked by another program; waiting until it is unlocked", store.string());
  open_ ? say(line) : fmt::print(stderr, "{}\n", line);
}

void Terminal::on_begin(int trials) {
  total_ = trials, open_ = true;
  start_ = Clock::now();
  if (is_terminal(STDERR_FILENO)) screen_.emplace(STDERR_FILENO);
}

void Terminal::on_end() {
  if (screen_) screen_->clear();
  screen_.reset();
  open_ = false;
}

void Terminal::on_start(const study::Trial& trial, int) {
  Run run{.shown = {}, .start = Clock::now()};
  run.shown.label = app::label_of(trial);
  run.shown.progress.epochs = epochs_;
  run.shown.metric = metric_;
  running_.insert_or_assign(trial.number, std::move(run));
  draw();
}

void Terminal::on_progress(int number, const study::Progress& p) {
  const auto found = running_.find(number);
  if (found == running_.end()) return;
  found->second.shown.progress = p;
  if (Clock::now() - drawn_ >= between_drawings) draw();
}

void Terminal::on_epoch(int number, const study::Epoch& epoch) {
  if (screen_ && style_ == Style::comparison) return;
  say(fmt::format("{}: {}", running_[number].shown.label, epoch_text(epoch, epochs_, metric_)));
}

void Terminal::on_warning(int number, const std::string& text) {
  say(fmt::format("{}: {}", running_[number].shown.label, text));
}

void Terminal::on_finish(int number, const study::Result& result) {
  const std::string label = running_[number].shown.label;
  running_.erase(number);
  ++finished_;
  if (style_ == Style::single_trial) return draw();  // the result of a single trial is printed at the end
  say(fmt::format("[{}/{}] {}: {}{}", finished_, total_, label, result_text(result, metric_), time_left()));
}

void Terminal::on_tests(int count) {
  finished_ = 0, total_ = count, what_ = "tests";
  start_ = Clock::now();
  if (screen_)
    draw();
  else if (style_ == Style::comparison)
    say(fmt::format("testing what validation selected: {} {}", count, count == 1 ? "trial" : "trials"));
}

void Terminal::on_test(int, const study::TestResult&) {
  ++finished_;
  draw();
}

void Terminal::on_test_failed(int number, const std::string& reason) {
  ++finished_;
  say(fmt::format("trial {} could not be tested: {}", number, reason));
}

void Terminal::on_worker_lost(int worker, const std::string& reason) {
  say(fmt::format("worker {} {}", worker, reason));
}

void Terminal::say(const std::string& line) {
  if (screen_) screen_->clear();
  // A line that cannot be written does not stop the run: the command reports it at the end.
  std::fputs((line + "\n").c_str(), lines_);
  std::fflush(lines_);
  draw();
}

ProgressState Terminal::state() {
  ProgressState out{
      .running = {}, .finished = finished_, .total = total_, .seconds = since(start_), .what = what_};
  for (auto& [number, run] : running_) {
    run.shown.seconds = since(run.start);
    out.running.push_back(run.shown);
  }
  return out;
}

// The bars say it on a terminal.
std::string Terminal::time_left() {
  if (screen_ || finished_ == total_) return "";
  const ProgressState now = state();
  const auto left = seconds_left(now.seconds, now.fraction());
  return left ? fmt::format("; about {} left", app::duration_text(*left)) : "";
}

void Terminal::draw() {
  if (!screen_) return;
  drawn_ = Clock::now();
  screen_->draw(progress_lines(state(), screen_->width()));
}

}  // namespace basin::cli
