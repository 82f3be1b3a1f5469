// A problem: data set + network + loss + metrics + target, as a value that travels. The command reads it from
// the list of built-in ones, from a file or from data; the worker that trains on it receives it whole. To add
// a built-in one, add a file in this folder and a line in problems.hpp.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "basin/data/source.hpp"
#include "basin/metrics/metrics.hpp"
#include "basin/problems/program.hpp"
#include "basin/records/training.hpp"

namespace basin {

using data::Names;

struct Problem {
  BASIN_RECORD(Problem, "problem")
  BASIN_FIELD(std::string, name, required, "of its study in runs/") = {};
  BASIN_FIELD(std::string, summary, plain, "") = {};
  // A worker of one's own brings its data: then there is neither of these two.
  BASIN_FIELD(std::string, data, plain, "a name from data/data_sets.hpp, or of its files") = {};
  BASIN_FIELD(std::optional<data::Source>, source, plain, "files of one's own, or a rule that makes data") = {
  };
  BASIN_FIELD(std::optional<Program>, program, plain,
              "that trains; then there is no data, network or loss") = {};
  BASIN_FIELD(std::string, layers, plain, "see basin list layers, basin list networks") = {};
  BASIN_FIELD(std::string, torchscript, plain, "a PyTorch module") = {};
  BASIN_FIELD(std::string, loss, plain, "see basin list losses") = "cross_entropy";
  BASIN_FIELD(std::string, metric, plain, "ranks on validation; see basin list metrics") = "accuracy";
  BASIN_FIELD(Names, metrics, unless_empty, "reported, too") = {};
  BASIN_FIELD(std::string, predicts, plain, "target, or inputs for an autoencoder of images") = "target";
  BASIN_FIELD(std::string, unit, plain, "of the target") = {};
  BASIN_FIELD(double, target, plain, "of the metric on validation; time to it is reported; 0: none") = 0;
  BASIN_FIELD(int, epochs, plain, "of a trial") = 10;
  BASIN_FIELD(std::int64_t, batch_size, plain, "examples") = 64;
  BASIN_FIELD(std::int64_t, train_size, plain, "examples of an epoch; 0: all") = 0;
  BASIN_FIELD(double, images_per_second, plain, "on one core: for the estimate of the time") = 3000;
};

// Returns the problem of a program, and what ranks it. Throws InputError as check(program) does.
Problem program_problem(const std::string& name, const Program& program);

// Returns the names of a problem's metrics, each once: the loss, the one that ranks, the others. A program
// need not report a loss.
Names metrics_of(const Problem& problem);

// Returns whether the targets are classes or values. Requires a data set or a source: nothing is known of a
// problem whose worker brings its data.
metrics::Targets targets_of(const Problem& problem);

// Returns what is known of a metric or of "loss". Throws InputError, "unknown metric 'acuracy'; did you mean
// 'accuracy'?".
metrics::Info describe_metric(const std::string& name);
// Returns the same of a metric of this problem. What a program reports has no more than a name and a
// direction. The result refers to the text of `name`.
metrics::Info describe_metric(const Problem& problem, const std::string& name);

// What ranks: a metric by name, and its direction.
struct Metric {
  std::string name = "accuracy";
  bool larger_is_better = true;
  // Returns the value of a score with its sign chosen so that larger is better.
  double worth(const Score& score) const { return (larger_is_better ? 1 : -1) * value_of(score, name); }
};

// Returns the metric that ranks. Throws InputError if there is no metric of this name; a program's may have
// any name.
Metric ranking_metric(const Problem& problem);

}  // namespace basin
