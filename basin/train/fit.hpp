// The training loop: epochs of shuffled mini-batches, evaluation at the end of each, callbacks, the best weights.
//
//   const Fit fit = train::fit(*network, optimizer, *examples, {.epochs = 10, .batch_size = 64}, watcher);
//
// Everything random is keyed by (seed, replicate): the order of an epoch, and what a step draws from libtorch's generator, which
// is seeded before each: masks of dropout, a network's own noise. With one thread
// (at::set_num_threads) the same call gives the same bits, and so do the calls that go on where another was interrupted:
//
//   train::fit(..., {.epochs = 10, .checkpoints = {.folder = "run-1"}}, watcher);        again and again, until it is done
#pragma once
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "basin/nn/network.hpp"
#include "basin/optim/optimizer.hpp"
#include "basin/schedules/text.hpp"
#include "basin/train/callbacks.hpp"
#include "basin/train/examples.hpp"
#include "basin/train/objective.hpp"
#include "basin/train/progress.hpp"

namespace basin::train {

// Where a run is kept between two batches, and how often.
struct Checkpointing {
  std::filesystem::path folder = {};  // of this run alone; made where it is not; empty: nothing is kept
  double every = 30;                  // seconds; and whenever the training is cancelled
  std::string configuration = {};     // what is run, in words of the caller: another one is not resumed
  // What else the bits follow from, by names that a message can hold: what was saved with another value is not resumed.
  std::map<std::string, std::string> given = {};
  std::string program = {};  // what runs it; resumed by another one it warns
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
  Checkpointing checkpoints = {};

  // Throws InputError for a number outside its range.
  void check() const;
};

// How far an epoch is.
struct Running {
  int epoch = 0;
  std::int64_t batch = 0, batches = 0;  // trained of this epoch
  Score train;                          // so far in this epoch
  double images_per_second = 0;         // of training, from the beginning
};

// What wants to know of it; called on the training thread. A resumed run tells of the epochs before it, too.
class Watcher {
 public:
  virtual ~Watcher() = default;
  virtual void on_batch(const Running&) {}
  virtual void on_epoch(const Row&) {}
  // Training goes on: a checkpoint that cannot be read or written.
  virtual void on_warning(const std::string&) {}
  virtual bool cancelled() { return false; }  // asked before every batch; true ends the training
};

// Trains the network and leaves it with the weights of the best epoch and without gradients, those from before included; it
// and the optimizer in eval mode. A loss that is not finite, in training or validation, ends it as diverged. Goes on where a
// checkpoint in the folder was written, with the same bits for the same threads, device and libtorch; where all of it is
// damaged it begins anew. The checkpoint stays: who has put the result away removes the folder. Throws InputError for options
// outside their range, for a training or validation part without examples, and for a checkpoint of another run, and passes on
// what the network, the examples and the watcher throw: then the weights are those of the last step, and the modes of both,
// and the knobs that schedules drive, are what they were before.
Fit fit(nn::Network& network, optim::Optimizer& optimizer, Examples& examples, const FitOptions& options,
        Watcher& watcher);

// Measured on fmnist-cnn, a core with 2 MiB of second-level cache: 125 images at a time evaluate 31,000 a second, 64 and
// 250 28,000, 500 22,000.
inline constexpr std::int64_t evaluation_batch = 125;

// Loss and accuracy over a whole part, so many examples at once, in evaluation mode, without gradients. No tensor is one of
// InferenceMode, also where the caller is in it: what examples and networks keep may be trained with afterwards.
// Then, also when it throws, every module is in the mode it was in. Throws InputError for a part without examples.
Score evaluate(nn::Network& network, Examples& examples, Part part, Loss loss,
               std::int64_t at_once = evaluation_batch);

}  // namespace basin::train
