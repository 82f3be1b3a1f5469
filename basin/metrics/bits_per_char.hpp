// Bits per character: what a text would take if the network compressed it.
//
// Definition  log_loss / log(2), where each example is one character
// Value       0 or more, in bits; smaller is better
// Undefined   for no example
// Source      Graves, Generating Sequences With Recurrent Neural Networks, 2013
#pragma once
#include <numbers>

#include "basin/metrics/log_loss.hpp"

namespace basin::metrics {

struct BitsPerChar {
  static constexpr Info info{.name = "bits_per_char",
                             .title = "Bits per character",
                             .help = "what a character would take if the network compressed the text",
                             .better = Better::smaller,
                             .unit = "bits",
                             .high = unbounded};
  LogLoss loss;
  auto parts() { return loss.parts(); }

  void add(const Predictions& predictions) { loss.add(predictions); }
  double value() const { return loss.value() / std::numbers::ln2; }
};
static_assert(Metric<BitsPerChar>);

}  // namespace basin::metrics
