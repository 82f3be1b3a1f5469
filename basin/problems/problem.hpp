// A problem: data set + model + loss + metric + target. Declared without libtorch, so that the command can
// use it; nn/network.hpp builds the network from `layers`. To add one, add a file in this folder and a line
// in problems.hpp.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "basin/records/training.hpp"

namespace basin {

enum class Loss { cross_entropy, mse };
enum class Metric { accuracy, loss };  // accuracy: larger is better; loss: smaller
// Each is a field of Score, by the same name.
inline const char* name_of(Metric metric) { return metric == Metric::loss ? "loss" : "accuracy"; }
inline double value_of(const Score& score, Metric metric) {
  return metric == Metric::loss ? score.loss : score.accuracy;
}

struct Problem {
  std::string name;     // "fmnist-cnn"
  std::string summary;  // one line
  std::string data;     // a name from data/data_sets.hpp; empty if a worker brings its own data
  std::string layers;   // the layer-list language, network/layers.hpp: "conv 16 3x3 same, relu, max-pool 2"
  Loss loss = Loss::cross_entropy;
  Metric metric = Metric::accuracy;
  double target = 0;                // for the validation metric; "time to target" counts until it is reached
  int epochs = 10;                  // the default budget
  std::int64_t train_size = 0;      // the default number of training images; 0 for all
  double images_per_second = 3000;  // on one core, roughly: for the estimate of --dry-run
};

}  // namespace basin
