// CIFAR-10: 60,000 colour photographs of animals and vehicles (Krizhevsky, 2009).
#pragma once
#include "basin/data/cifar10_files.hpp"

namespace basin::data {

inline DataSet cifar_10() {
  return {.name = "cifar-10",
          .summary = "60,000 colour photographs of animals and vehicles, 32x32, 10 classes",
          .height = 32,
          .width = 32,
          .channels = 3,
          .classes = 10,
          .train = 50000,
          .validation = 5000,
          .layout = &cifar10_files};
}

}  // namespace basin::data
