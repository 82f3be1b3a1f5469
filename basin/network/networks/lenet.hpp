// The network that read cheques, with its sizes; images below 32x32 are padded.
//
// Source   LeCun, Bottou, Bengio & Haffner, Gradient-Based Learning Applied to Document Recognition, 1998
#pragma once
#include "basin/network/sizes.hpp"

namespace basin::nn::networks {

struct LeNet {
  static constexpr std::string_view name = "lenet", usage = "lenet", title = "LeNet-5";
  static constexpr std::size_t most_sizes = 0;

  static Example example() { return {{28, 28, 1}, 10}; }
  static std::string layers(const Sizes&, const Shape& in, const std::string& outputs) {
    const std::string padding = in.height < 32 ? " same" : "";
    return "conv 6 5x5" + padding +
           ", tanh, avg-pool 2, conv 16 5x5, tanh, avg-pool 2, flatten, linear 120, tanh, linear 84, tanh, "
           "linear " +
           outputs;
  }
};

}  // namespace basin::nn::networks
