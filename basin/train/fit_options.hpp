// What a training run is asked to do.
#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "basin/data/augmentation.hpp"
#include "basin/losses/loss.hpp"
#include "basin/network/regularization.hpp"
#include "basin/problems/problem.hpp"
#include "basin/schedules/text.hpp"
#include "basin/train/callbacks.hpp"

namespace basin::train {

// Where a run saves checkpoints between two batches, and how often.
struct CheckpointOptions {
  std::filesystem::path folder = {};  // for this run only; created if missing; empty: nothing is saved
  double every = 30;                  // seconds; and whenever training is cancelled
  // What is run, in the caller's words or as a JSON object of records. Another one is not resumed. A field
  // that only one side has is not compared: it is newer than the checkpoint.
  std::string configuration = {};
  // What else the bits depend on, by names that fit in a message. A checkpoint with other values is not
  // resumed.
  std::map<std::string, std::string> given = {};
  std::string program = {};  // what runs it; resuming with another one causes a warning
};

struct FitOptions {
  losses::Loss loss = {};
  Metric metric = {};            // on the validation split; decides the best epoch
  Names metrics = {"accuracy"};  // reported for each split, besides the loss
  int epochs = 1;
  std::int64_t batch_size = 64;  // the last batch of an epoch may be smaller
  std::uint64_t seed = 1, replicate = 0;
  std::optional<EarlyStopping::Settings> early_stopping = {};  // both watch the validation loss
  std::optional<Plateau> plateau = {};
  std::int64_t micro_batch = 0;  // examples run at once, with gradients added up to a batch; 0 for all
  nn::Regularization regularization = {};    // the losses of a Row include its penalty
  data::Augmentation augmentation = {};      // the loop does mixup; the examples do the rest
  std::vector<KnobSchedule> schedules = {};  // by step; a plateau lowers the base of the rate's
  CheckpointOptions checkpoints = {};

  // Throws InputError for a number outside its range.
  void check() const;
};

}  // namespace basin::train
