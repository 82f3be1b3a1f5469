// The program that runs trials for the command `basin`. A program of one's own becomes one, with problems of its own:
//
//   int main(int argc, char** argv) {
//     return basin::worker_main(
//         argc, argv, {{{.name = "spirals", .summary = "...", .layers = "linear 32, tanh, linear 2"}, spirals}});
//   }
//
// and then `basin compare spirals --worker ./my-worker`. See examples/own_problem.cpp.
#pragma once
#include <functional>
#include <memory>
#include <vector>

#include "basin/nn/network.hpp"
#include "basin/problems/problem.hpp"
#include "basin/train/examples.hpp"

namespace basin {

struct OwnProblem {
  Problem declared;  // `data` stays empty
  // Its examples. What is random about them is keyed by (seed, replicate) alone, so that arms are paired;
  // train_size: how many to train on, 0 for all.
  std::function<std::unique_ptr<train::Examples>(std::uint64_t seed, std::uint64_t replicate,
                                                 std::int64_t train_size)>
      examples;
  // Its network; where this is empty, it is made from `declared.layers`.
  std::function<std::shared_ptr<nn::Network>()> network = {};
};

// Speaks with the parent over the socket that `--fd N` names until it says quit or goes away; `--describe` prints what
// the problems are. Returns the exit status. Started without either it says what it is for.
int worker_main(int argc, char** argv, const std::vector<OwnProblem>& own = {});

}  // namespace basin
