// The training loop: epochs of shuffled mini-batches, evaluation at the end of each, callbacks, the best
// weights.
//
//   const Fit fit = train::fit(*network, optimizer, *examples, {.epochs = 10, .batch_size = 64}, watcher);
//
// Everything random is a function of (seed, replicate): the order of an epoch, and what a step draws from
// libtorch's generator (dropout masks, a network's own noise), which is seeded before each step. With one
// thread (at::set_num_threads), the same call gives the same bits, and so do calls that continue where
// another was interrupted:
//
//   train::fit(..., {.epochs = 10, .checkpoints = {.folder = "run-1"}}, watcher);        repeat until it is
//                                                                                        done
#pragma once
#include "basin/nn/network.hpp"
#include "basin/optim/optimizer.hpp"
#include "basin/train/evaluate.hpp"
#include "basin/train/examples.hpp"
#include "basin/train/fit_options.hpp"
#include "basin/train/fit_result.hpp"
#include "basin/train/watcher.hpp"

namespace basin::train {

// Trains the network, and leaves it with the weights of the best epoch and without gradients, also earlier
// ones, and leaves the network and the optimizer in eval mode. A loss that is not finite, in training or
// validation, ends the run as diverged. Continues from a checkpoint in the folder, with the same bits for the
// same threads, device and libtorch; starts again if all of it is damaged. Leaves the checkpoint: remove the
// folder once the result is stored.
//
// Throws  InputError for options outside their range, for a training or validation part without examples, and
//         for a checkpoint of another run; also whatever the network, the examples and the watcher throw. The
//         weights are then those of the last step, and the modes of network and optimizer, and the knobs that
//         schedules drive, are what they were before
Fit fit(nn::Network& network, optim::Optimizer& optimizer, Examples& examples, const FitOptions& options,
        Watcher& watcher);

}  // namespace basin::train
