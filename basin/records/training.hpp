// The records of a training run, shared by the training loop, the store and the report.
#pragma once
#include <cstdint>
#include <map>
#include <string>

#include "basin/core/fields.hpp"

namespace basin {

// The quality of a network on one part of the data: the metrics of its problem by name, and always "loss",
// the mean over the examples. Flat in a record: validation_loss, validation_rmse.
using Score = std::map<std::string, double>;

// Returns a metric; not_known if the score lacks it.
inline double value_of(const Score& score, const std::string& metric) {
  const auto found = score.find(metric);
  return found == score.end() ? not_known : found->second;
}

// One point of the curves.
struct Epoch {
  BASIN_RECORD(Epoch, "epoch")
  BASIN_FIELD(int, epoch, required, "counts from 1") = 0;
  BASIN_FIELD(double, seconds, required | measured, "of training so far; evaluation is not counted") = 0;
  // A schedule moves it within the epoch. Where parameter groups have rates of their own, the optimizer's.
  BASIN_FIELD(double, lr, required, "at the epoch's first step") = 0;
  BASIN_FIELD(Score, train, flat, "over the epoch's batches, while the weights moved") = {};
  BASIN_FIELD(Score, validation, flat, "over the whole split, at the end of the epoch") = {};
};

// How far a running trial has come. Shown, not kept.
struct Progress {
  BASIN_RECORD(Progress, "progress")
  BASIN_FIELD(int, epoch, required, "counts from 1") = 0;
  BASIN_FIELD(int, epochs, required, "of the whole run") = 0;
  BASIN_FIELD(std::int64_t, batch, required, "batches of this epoch that are done") = 0;
  BASIN_FIELD(std::int64_t, batches, required, "batches of an epoch") = 0;
  BASIN_FIELD(Score, train, flat, "over this epoch so far") = {};
  BASIN_FIELD(double, images_per_second, measured, "mean since the run began") = not_known;
};

}  // namespace basin
