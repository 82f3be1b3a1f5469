// The study that is requested. make_plan checks it.
#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "basin/core/domain.hpp"
#include "basin/data/source.hpp"
#include "basin/problems/program.hpp"
#include "basin/study/design.hpp"
#include "basin/study/trial.hpp"

namespace basin::app {

// Stands for a batch of all examples until their number is known.
inline constexpr std::int64_t full_batch = 0;

// The range of `stalled_after`.
inline constexpr Range longest_silence{0, 1e9, false,      true,
                                       1, 1e9, Scale::log, "a number of seconds, 0 or more"};

// A search, as it was asked for.
struct SearchRequest {
  std::vector<std::string> spaces = {};  // adam.lr=1e-5..1e-1; the usual ones if empty
  bool rates = false;                    // instead: five rates round the default of each optimizer
  std::string sampler = "tpe", pruner = "none";
  int trials = 20;    // of each optimizer
  int finalists = 3;  // fresh seeds of what was selected
  int lag = 8;
  double audit = 0.05;
  data::Names objectives = {};
};

struct Request {
  std::string problem = "fmnist-cnn";  // a name, a problem file, or data
  data::Names predict;                 // columns of data
  study::Arms arms;
  std::optional<Program> program;       // instead of a problem
  std::optional<SearchRequest> search;  // then `arms` are what it starts from, and `seeds` has no meaning
  std::string design = "ofat";
  int seeds = 1;
  // The plan fills in the problem and its checksums. 0 epochs, or a train_size of 0, mean the problem's own.
  study::Settings settings{.epochs = 0};
  std::optional<int> jobs;       // all cores if absent
  double checkpoint_every = 30;  // seconds
  double stalled_after = 1800;   // seconds; 0 for never
  std::optional<std::filesystem::path> out, worker, data_dir;
  bool resume = false;
  std::string command;    // that repeats it
  std::string file = {};  // the same as a study file, which is kept in the folder; none if empty
};

}  // namespace basin::app
