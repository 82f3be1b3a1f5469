// One linear layer: logistic regression under cross-entropy, linear regression under a squared error.
#pragma once
#include "basin/network/sizes.hpp"

namespace basin::nn::networks {

struct Logistic {
  static constexpr std::string_view name = "logistic", usage = "logistic", title = "one linear layer";
  static constexpr std::size_t most_sizes = 0;

  static Example example() { return {Shape::sparse(123), 2}; }
  static std::string layers(const Sizes&, const Shape& in, const std::string& outputs) {
    return start_of_features(in) + first_linear(in) + " " + outputs;
  }
};

}  // namespace basin::nn::networks
