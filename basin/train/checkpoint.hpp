// A training run between two batches, as a value and as bytes.
//
// Layout   tensors in a safetensors file, everything else in a JSON manifest: docs/formats.md
// Holds    weights and buffers, the best weights, the optimizer by names, what the schedules multiply, a mean
//          of the weights, the callbacks, the curve and the sums so far, the position in the data. Order,
//          augmentation and what a step draws follow from (seed, replicate, epoch, step) and need no more
// Refuses  bytes that are not of a checkpoint, with InputError
#pragma once
#include <map>
#include <optional>
#include <string>

#include "basin/optim/average.hpp"
#include "basin/optim/named_state.hpp"
#include "basin/optim/scheduler.hpp"
#include "basin/train/callbacks.hpp"
#include "basin/train/fit_result.hpp"
#include "basin/train/tally.hpp"
#include "basin/train/weights.hpp"

namespace basin::train {

// The epoch in training, and how much of it is done.
struct Position {
  BASIN_RECORD(Position, "position")
  BASIN_FIELD(int, epoch, required, "counts from 1") = 1;
  BASIN_FIELD(std::int64_t, batch, required, "batches trained so far") = 0;
  BASIN_FIELD(double, lr, required, "at its first step") = 0;
};

struct Checkpoint {
  std::map<std::string, std::string> run;  // what is run; a run that differs is refused
  std::string machine;                     // if it differs, the bits may, too
  Position position;
  Sums sums;  // over the batches of this epoch
  Fit fit;
  std::optional<CallbackState> stopping, plateau;
  optim::Scheduler::State schedule;
  optim::NamedState optimizer;
  std::optional<optim::WeightAverage::State> average;
  Weights weights, best;  // `best` is empty until the first epoch ends
};

struct EncodedCheckpoint {
  std::string state;    // JSON
  std::string tensors;  // safetensors
};
EncodedCheckpoint encode(const Checkpoint& checkpoint);
Checkpoint decode(std::string_view state, std::span<const std::uint8_t> tensors);
inline Checkpoint decode(const EncodedCheckpoint& c) {
  return decode(c.state, {reinterpret_cast<const std::uint8_t*>(c.tensors.data()), c.tensors.size()});
}

// Describes what the bits of a run depend on besides its settings: versions, threads, and the program if it
// has a name.
std::string this_machine(const std::string& program = {});

}  // namespace basin::train
