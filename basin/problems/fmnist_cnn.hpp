// A small convolutional network on Fashion-MNIST (10 classes of clothing, 28x28 grey).
#pragma once
#include "basin/problems/problem.hpp"

namespace basin {

inline Problem fmnist_cnn() {
  return {.name = "fmnist-cnn",
          .summary = "A small convolutional network on Fashion-MNIST (10 classes of clothing, 28x28 grey)",
          .data = "fashion-mnist",
          .layers =
              "conv 16 3x3 same, relu, max-pool 2, "
              "conv 32 3x3 same, relu, max-pool 2, "
              "flatten, linear 128, relu, linear 10",
          .target = 0.88,
          .epochs = 10,
          .images_per_second = 5000};
}

}  // namespace basin
