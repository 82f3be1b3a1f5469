// Fashion-MNIST: 70,000 grey pictures of ten kinds of clothing (Xiao, Rasul & Vollgraf, 2017).
#pragma once
#include "basin/data/mnist_files.hpp"

namespace basin::data {

inline DataSet fashion_mnist() {
  return {.name = "fashion-mnist",
          .summary = "70,000 grey pictures of clothing, 28x28, 10 classes",
          .height = 28,
          .width = 28,
          .channels = 1,
          .classes = 10,
          .train = 60000,
          .validation = 10000,
          .layout = &mnist_files,
          .package = "dataset-fashion-mnist",
          .package_folder = "/usr/share/datasets/fashion-mnist"};
}

}  // namespace basin::data
