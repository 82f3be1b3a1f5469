// The program that runs trials for the command `basin`. A user's own program becomes a worker with its own
// problems:
//
//   int main(int argc, char** argv) {
//     return basin::worker_main(
//         argc, argv,
//         {{{.name = "spirals", .summary = "...", .layers = "linear 32, tanh, linear 2"}, spirals}});
//   }
//
// Then run `basin compare spirals --worker ./my-worker`. See examples/own_problem.cpp.
#pragma once
#include <functional>
#include <memory>
#include <vector>

#include "basin/nn/network.hpp"
#include "basin/problems/problem.hpp"
#include "basin/train/examples.hpp"

namespace basin {

struct OwnProblem {
  Problem declared;  // `data` must be empty
  // Returns its examples. Their randomness must depend only on (seed, replicate), so that arms are paired;
  // train_size is the number to train on, 0 for all.
  std::function<std::unique_ptr<train::Examples>(std::uint64_t seed, std::uint64_t replicate,
                                                 std::int64_t train_size)>
      examples;
  // Returns its network; if empty, the network is made from `declared.layers`.
  std::function<std::shared_ptr<nn::Network>()> network = {};
};

// Talks to the parent over the socket that `--fd N` names until the parent says quit or goes away;
// `--describe` prints the problems. Returns the exit status. Started without either option, it says what it
// is for.
int worker_main(int argc, char** argv, const std::vector<OwnProblem>& own = {});

}  // namespace basin
