// Progress as text: one line per running trial and one for the total, for a terminal of a given width.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "basin/study/trial.hpp"

namespace basin::cli {

struct RunningTrial {
  std::string label;                // "adam lr 0.001 batch 64 seed 0"
  Progress progress;                // its epoch is 0 before the first batch
  std::string metric = "accuracy";  // shown beside the loss
  double seconds = 0;               // since its start

  double fraction() const;  // share of its batches, in [0, 1]
};

struct ProgressState {
  std::vector<RunningTrial> running;
  int finished = 0, total = 0;  // trials of this run
  double seconds = 0;           // since its start
  std::string what = "trials";  // or what is counted instead

  double fraction() const;  // share of what there is to do, in [0, 1]
};

// Returns a bar of `width` letters.
std::string bar(double fraction, std::size_t width);

// Returns the remaining seconds at the current speed; nothing while there is no basis for an estimate.
std::optional<double> seconds_left(double seconds, double fraction);

// Returns `text` cut to `width` letters, ending in an ellipsis.
std::string cut(const std::string& text, std::size_t width);

// No line is wider than `width`.
std::vector<std::string> progress_lines(const ProgressState& state, std::size_t width);

// `metric` ranks, and is shown beside the loss.
//
// Returns the line for a completed epoch: "epoch 2/5  loss 0.4123  acc 86.10  val loss 0.38  val acc 87.12
// 12 s".
std::string epoch_text(const study::Epoch& epoch, int epochs, const std::string& metric);

// Returns "complete, best epoch 3, val loss 0.3100, val acc 89.12, 12 s", or the state and its reason.
std::string result_text(const study::Result& result, const std::string& metric);

}  // namespace basin::cli
