// MNIST: 70,000 grey pictures of handwritten digits (LeCun, Cortes & Burges, 1998).
#pragma once
#include "basin/data/mnist_files.hpp"

namespace basin::data {

inline DataSet mnist() {
  return {.name = "mnist",
          .summary = "70,000 grey pictures of handwritten digits, 28x28, 10 classes",
          .height = 28,
          .width = 28,
          .channels = 1,
          .classes = 10,
          .train = 60000,
          .validation = 10000,
          .layout = &mnist_files};
}

}  // namespace basin::data
