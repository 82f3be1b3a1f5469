// The training loop: epochs of shuffled mini-batches, evaluation at the end of each, callbacks, the best weights.
//
//   const Fit fit = train::fit(*network, optimizer, *examples, {.epochs = 10, .batch_size = 64}, watcher);
//
// Everything random is keyed by (seed, replicate): the order of an epoch, the dropout masks of a step. With one thread
// (at::set_num_threads) the same call gives the same bits.
#pragma once
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "basin/nn/network.hpp"
#include "basin/optim/optimizer.hpp"
#include "basin/schedules/text.hpp"
#include "basin/train/callbacks.hpp"
#include "basin/train/examples.hpp"
#include "basin/train/objective.hpp"

namespace basin::train {

struct Score {
  double loss = std::numeric_limits<double>::quiet_NaN();      // mean over the examples
  double accuracy = std::numeric_limits<double>::quiet_NaN();  // in [0, 1]; NaN for a regression
};

// One epoch. `train` is the mean over the batches as they were trained, while the weights moved.
struct Row {
  int epoch = 0;       // from 1
  double seconds = 0;  // of training from the beginning, evaluation not counted
  double lr = 0;       // with which it was trained
  Score train, validation;
};

// Where the time went, in seconds.
struct Phases {
  double data = 0, forward = 0, backward = 0, optimizer = 0, evaluation = 0;
  double training() const { return data + forward + backward + optimizer; }
};

struct FitOptions {
  Loss loss = Loss::cross_entropy;
  Metric metric = Metric::accuracy;  // of the validation split, which decides the best epoch
  int epochs = 1;
  std::int64_t batch_size = 64;  // the last batch of an epoch may be smaller
  std::uint64_t seed = 1, replicate = 0;
  std::optional<EarlyStopping::Settings> early_stopping = {};  // both watch the validation loss
  std::optional<Plateau> plateau = {};
  std::int64_t micro_batch =
      0;  // examples that are run at once, their gradients added up to a batch; 0 for all of it
  nn::Regularization regularization = {};    // the losses of a Row hold its penalty
  data::Augmentation augmentation = {};      // of which the loop does mixup; the examples do the rest
  std::vector<KnobSchedule> schedules = {};  // by the step; a plateau lowers what that of the rate multiplies
};

// How far an epoch is.
struct Running {
  int epoch = 0;
  std::int64_t batch = 0, batches = 0;  // trained of this epoch
  Score train;                          // so far in this epoch
  double images_per_second = 0;         // of training, from the beginning
};

// What wants to know of it; called on the training thread.
class Watcher {
 public:
  virtual ~Watcher() = default;
  virtual void on_batch(const Running&) {}
  virtual void on_epoch(const Row&) {}
  virtual bool cancelled() { return false; }  // asked before every batch; true ends the training
};

enum class Ending { last_epoch, stopped_early, diverged, cancelled };

struct Fit {
  Ending ending = Ending::last_epoch;
  std::string reason;     // empty for last_epoch
  std::vector<Row> rows;  // of the epochs that were completed
  int best_epoch = 0;     // by the validation metric, the earliest of equals; 0 when no epoch was completed
  std::int64_t steps = 0, images = 0;
  Phases phases;
};

// Trains the network and leaves it with the weights of the best epoch, the optimizer in eval mode. A loss that is not
// finite, in training or validation, ends it as diverged.
Fit fit(nn::Network& network, optim::Optimizer& optimizer, Examples& examples, const FitOptions& options,
        Watcher& watcher);

// Loss and accuracy over a whole part, in evaluation mode, without gradients.
Score evaluate(nn::Network& network, Examples& examples, Part part, Loss loss);

}  // namespace basin::train
