// The records of a training run, shared by the training loop, the store and the report.
#pragma once
#include <cstdint>

#include "basin/core/fields.hpp"

namespace basin {

// The quality of a network on one part of the data.
struct Score {
  BASIN_RECORD(Score, "score")
  BASIN_FIELD(double, loss, required, "mean over the examples") = not_known;
  BASIN_FIELD(double, accuracy, required, "in [0, 1]; not known for a regression") = not_known;
};

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
  BASIN_FIELD(Score, train, inlined, "over this epoch so far") = {};
  BASIN_FIELD(double, images_per_second, measured, "mean since the run began") = not_known;
};

}  // namespace basin
