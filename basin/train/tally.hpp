// Gathers the score of a network over several batches: the mean loss, and metrics by name.
#pragma once
#include <torch/types.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "basin/metrics/metrics.hpp"
#include "basin/problems/problem.hpp"
#include "basin/train/examples.hpp"

namespace basin::train {

// What a Tally has added up so far; a checkpoint keeps it.
struct Sums {
  using ByMetric = std::map<std::string, std::vector<double>>;
  BASIN_RECORD(Sums, "sums")
  BASIN_FIELD(double, loss, required, "over the examples") = 0;
  BASIN_FIELD(std::int64_t, examples, required, "") = 0;
  BASIN_FIELD(ByMetric, metrics, required, "the state of each, metrics/metric.hpp") = {};
};

class Tally {
 public:
  // Gathers these metrics; "loss" among them is always there. Throws InputError for an unknown one. `scale`
  // turns outputs and targets back into the unit of the targets.
  explicit Tally(const Names& metrics, const TargetScale& scale = {});

  // Adds a batch with this mean loss. `outputs` and `targets` are as a loss takes them. Throws InputError for
  // targets that a metric does not judge.
  void add(double mean_loss, const torch::Tensor& outputs, const torch::Tensor& targets);
  Score score() const;  // NaN without examples

  Sums sums() const;
  // Continues from the sums of a tally of the same metrics. Throws InputError for others.
  void resume(const Sums& sums);
  void clear();

 private:
  torch::Tensor in_their_unit(const torch::Tensor& values, std::int64_t width) const;

  Names names_;
  torch::Tensor mean_, sd_;  // rows; undefined without a scale
  double loss_ = 0;
  std::int64_t examples_ = 0;
  std::map<std::string, std::unique_ptr<metrics::Gathering>> metrics_;
};

}  // namespace basin::train
