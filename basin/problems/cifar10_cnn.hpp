// Two convolutional blocks with batch norm and dropout on CIFAR-10: the network of the practice project.
#pragma once
#include "basin/problems/problem.hpp"

namespace basin {

inline Problem cifar10_cnn() {
  return {.name = "cifar10-cnn",
          .summary = "Two blocks of conv-batch norm-ReLU with dropout on CIFAR-10 (10 classes, 32x32 colour)",
          .data = "cifar-10",
          .layers =
              "conv 32 3x3 same, batch-norm, relu, conv 32 3x3 same, batch-norm, relu, max-pool 2, "
              "conv 64 3x3 same, batch-norm, relu, conv 64 3x3 same, batch-norm, relu, max-pool 2, "
              "flatten, linear 128, relu, dropout 0.5, linear 10",
          .target = 0.70,
          .epochs = 10,
          .images_per_second = 400};
}

}  // namespace basin
