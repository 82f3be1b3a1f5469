// A small convolutional network on MNIST (handwritten digits, 28x28 grey).
#pragma once
#include "basin/problems/problem.hpp"

namespace basin {

inline Problem mnist_cnn() {
  return {.name = "mnist-cnn",
          .summary = "A small convolutional network on MNIST (handwritten digits, 28x28 grey)",
          .data = "mnist",
          .layers =
              "conv 16 3x3 same, relu, max-pool 2, "
              "conv 32 3x3 same, relu, max-pool 2, "
              "flatten, linear 128, relu, linear 10",
          .target = 0.98,
          .epochs = 5,
          .images_per_second = 5000};
}

}  // namespace basin
