// What a training run is asked to do.
#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "basin/data/augmentation.hpp"
#include "basin/network/regularization.hpp"
#include "basin/problems/problem.hpp"
#include "basin/schedules/text.hpp"
#include "basin/train/callbacks.hpp"

namespace basin::train {

// Where a run is kept between two batches, and how often.
struct CheckpointOptions {
  std::filesystem::path folder = {};  // of this run alone; created if missing; empty: nothing is kept
  double every = 30;                  // seconds; a cancelled training writes one more
  std::string configuration = {};     // what is run, in the caller's words: another one is not resumed
  // What else the bits follow from, by names that a message can hold: what was saved with another value is not resumed.
  std::map<std::string, std::string> given = {};
  std::string program = {};  // the program that trains; resuming with another one warns
};

struct FitOptions {
  Loss loss = Loss::cross_entropy;
  Metric metric = Metric::accuracy;  // of the validation split; decides the best epoch
  int epochs = 1;
  std::int64_t batch_size = 64;  // the last batch of an epoch may be smaller
  std::uint64_t seed = 1, replicate = 0;
  std::optional<EarlyStopping::Settings> early_stopping = {};  // both watch the validation loss
  std::optional<Plateau> plateau = {};
  std::int64_t micro_batch =
      0;  // examples run at once, their gradients added up to those of the batch; 0 runs the whole batch
  nn::Regularization regularization = {};    // its penalty is part of the losses of a Row
  data::Augmentation augmentation = {};      // the loop applies mixup; the examples apply the rest
  std::vector<KnobSchedule> schedules = {};  // by the step; a plateau lowers what the rate's multiplies
  CheckpointOptions checkpoints = {};

  // Throws InputError for a number outside its range.
  void check() const;
};

}  // namespace basin::train
