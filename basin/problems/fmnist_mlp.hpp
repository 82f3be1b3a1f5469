// A perceptron with two hidden layers on Fashion-MNIST.
#pragma once
#include "basin/problems/problem.hpp"

namespace basin {

inline Problem fmnist_mlp() {
  return {.name = "fmnist-mlp",
          .summary = "A perceptron, 784-256-128-10, on Fashion-MNIST",
          .data = "fashion-mnist",
          .layers = "flatten, linear 256, relu, linear 128, relu, linear 10",
          .target = 0.86,
          .epochs = 10,
          .images_per_second = 30000};
}

}  // namespace basin
