#include "cli/progress_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "basin/app/units.hpp"
#include "basin/core/knobs.hpp"
#include "cli/metric_text.hpp"
#include "cli/text_table.hpp"

namespace basin::cli {
namespace {

constexpr std::size_t bar_width = 20;

// Two spaces before each part.
std::string columns(const Score& score, const std::string& prefix, const std::string& metric) {
  const std::string text = score_text(score, prefix, metric, "  ");
  return text.empty() ? "" : "  " + text;
}

std::string line_of(const RunningTrial& trial, std::size_t label_width) {
  std::string out = padded(cut(trial.label, label_width), label_width, Align::left);
  const Progress& at = trial.progress;
  out += fmt::format("  {}  {}/{}", bar(trial.fraction(), bar_width), at.epoch, at.epochs);
  out += columns(at.train, "", trial.metric);
  if (std::isfinite(at.images_per_second))
    out += fmt::format("  {} examples/s", app::grouped(std::llround(at.images_per_second)));
  if (const auto left = seconds_left(trial.seconds, trial.fraction()))
    out += fmt::format("  {} left", app::clock_text(*left));
  return out;
}

std::string overall_line(const ProgressState& state, std::size_t label_width) {
  const double fraction = state.fraction();
  std::string out =
      padded(fmt::format("{} of {} {}", state.finished, state.total, state.what), label_width, Align::left);
  out += fmt::format("  {}  {:.0f}%  {} passed", bar(fraction, bar_width), std::floor(100 * fraction),
                     app::clock_text(state.seconds));
  if (const auto left = seconds_left(state.seconds, fraction))
    out += fmt::format("  {} left", app::clock_text(*left));
  return out;
}

}  // namespace

double RunningTrial::fraction() const {
  const Progress& at = progress;
  if (at.epoch < 1 || at.epochs < 1 || at.batches < 1) return 0;
  const double past = at.epoch - 1 + static_cast<double>(at.batch) / static_cast<double>(at.batches);
  return std::clamp(past / at.epochs, 0.0, 1.0);
}

double ProgressState::fraction() const {
  double done = finished;
  for (const RunningTrial& trial : running) done += trial.fraction();
  return total > 0 ? done / total : 1;
}

std::string bar(double fraction, std::size_t width) {
  const auto full =
      static_cast<std::size_t>(std::floor(std::clamp(fraction, 0.0, 1.0) * static_cast<double>(width)));
  std::string out;
  for (std::size_t i = 0; i < width; ++i) out += i < full ? "━" : "─";
  return out;
}

std::optional<double> seconds_left(double seconds, double fraction) {
  if (fraction < 0.01 || seconds <= 0) return std::nullopt;
  return seconds * (1 - fraction) / fraction;
}

std::string cut(const std::string& text, std::size_t width) {
  if (width_of(text) <= width) return text;
  std::string out;
  std::size_t letters = 0;
  for (const char c : text) {
    const bool begins = (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    if (begins && ++letters == width) break;
    out += c;
  }
  return width == 0 ? "" : out + "…";
}

std::vector<std::string> progress_lines(const ProgressState& state, std::size_t width) {
  std::size_t label_width = 16;
  for (const RunningTrial& trial : state.running) label_width = std::max(label_width, width_of(trial.label));
  label_width = std::min(label_width, std::max<std::size_t>(16, width / 3));
  std::vector<std::string> lines;
  for (const RunningTrial& trial : state.running) lines.push_back(cut(line_of(trial, label_width), width));
  lines.push_back(cut(overall_line(state, label_width), width));
  return lines;
}

std::string epoch_text(const study::Epoch& e, int epochs, const std::string& metric) {
  return fmt::format("epoch {}/{}{}{}  {}", e.epoch, epochs, columns(e.train, "", metric),
                     columns(e.validation, "val ", metric), app::duration_text(e.seconds));
}

std::string result_text(const study::Result& result, const std::string& metric) {
  std::string out = study::name_of(result.state);
  if (!result.reason.empty()) out += ": " + result.reason;
  if (result.best_epoch > 0) out += fmt::format(", best epoch {}", result.best_epoch);
  if (const std::string score = score_text(result.validation, "val ", metric); !score.empty())
    out += ", " + score;
  return out + ", " + app::duration_text(result.seconds);
}

}  // namespace basin::cli
