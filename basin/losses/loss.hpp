// A loss with its options, as text and as a value.
//
//   cross_entropy                  as it is
//   cross_entropy balanced         every class has the same weight in sum, however many examples it has
//   cross_entropy weights 1 3      a weight for each class
//   huber 0.5                      its delta
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "basin/losses/losses.hpp"

namespace basin::losses {

struct Loss {
  std::string name = "cross_entropy";
  bool balanced = false;             // class weights, still to be computed: see `resolved`
  std::vector<double> weights = {};  // by class; empty for none
  double delta = 1;                  // of huber

  // Throws InputError for an unknown loss, and for options that it does not have or that are outside their
  // range.
  static Loss parse(std::string_view text);
  // Returns what `parse` reads as the same loss.
  std::string text() const;
  const Info& info() const { return find_loss(name); }
  bool operator==(const Loss&) const = default;
};

// Returns the loss with the weights of "balanced" computed: examples / (classes x examples of the class),
// over the classes that occur; one that does not occur has weight 1. Returns any other loss as it is.
//
// Requires  counts holds the examples of each class in the training split
// Source    class_weight="balanced" of scikit-learn
Loss resolved(Loss loss, std::span<const std::int64_t> counts);

}  // namespace basin::losses
