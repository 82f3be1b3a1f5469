// Nine hidden layers with tanh on Fashion-MNIST: deep enough that signals and gradients vanish or explode
// with unsuitable initial weights.
#pragma once
#include "basin/problems/problem.hpp"

namespace basin {

inline Problem fmnist_deep_tanh() {
  return {.name = "fmnist-deep-tanh",
          .summary = "A perceptron with nine hidden layers of 64, tanh, on Fashion-MNIST",
          .data = "fashion-mnist",
          .layers =
              "flatten, linear 64, tanh, linear 64, tanh, linear 64, tanh, linear 64, tanh, linear 64, tanh"
              ", linear 64, tanh, linear 64, tanh, linear 64, tanh, linear 64, tanh, linear 10",
          .target = 0.8,
          .epochs = 10,
          .images_per_second = 30000};
}

}  // namespace basin
