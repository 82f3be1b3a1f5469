// A training run between two batches, as a value and as bytes.
//
// Layout   tensors in a safetensors file, everything else in a JSON manifest: docs/formats.md
// Holds    weights and buffers, the best weights, the optimizer by names, what the schedules multiply, a mean of the weights, the
//          callbacks, the curve and the sums so far, the position in the data. Order, augmentation and what a
//          step draws follow from (seed, replicate, epoch, step) and need no more
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
#include "basin/train/weights.hpp"

namespace basin::train {

// The epoch that is being trained, and what of it is done.
struct Position {
  int epoch = 1;           // from 1
  std::int64_t batch = 0;  // trained of it
  double lr = 0;           // of its first step
  Tally tally;             // of its batches
};

struct Checkpoint {
  std::map<std::string, std::string> run;  // what is run: the same words, or another run
  std::string machine;                     // with other words, the bits may be others
  Position position;
  Fit fit;
  std::optional<CallbackState> stopping, plateau;
  optim::Scheduler::State schedule;
  optim::NamedState optimizer;
  std::optional<optim::WeightAverage::State> average;
  Weights weights, best;  // `best` is empty before the first epoch ended
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

// What the bits of a run depend on beside what is run, in words: versions, threads, and the program where it has a name.
std::string this_machine(const std::string& program = {});

}  // namespace basin::train
