// Perplexity: among how many equally likely tokens the network seems to choose.
//
// Definition  e^log_loss
// Value       1 or more, smaller is better; the number of tokens for a guess
// Undefined   for no example
// Source      Jelinek, Mercer, Bahl & Baker, Perplexity: a measure of the difficulty of speech recognition
//             tasks, 1977
#pragma once
#include <cmath>

#include "basin/metrics/log_loss.hpp"

namespace basin::metrics {

struct Perplexity {
  static constexpr Info info{.name = "perplexity",
                             .title = "Perplexity",
                             .help = "among how many equally likely tokens the network seems to choose",
                             .better = Better::smaller,
                             .low = 1,
                             .high = unbounded};
  LogLoss loss;
  auto parts() { return loss.parts(); }

  void add(const Predictions& predictions) { loss.add(predictions); }
  double value() const { return std::exp(loss.value()); }
};
static_assert(Metric<Perplexity>);

}  // namespace basin::metrics
