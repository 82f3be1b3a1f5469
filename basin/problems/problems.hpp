// The list of built-in problems.
#pragma once
#include <string_view>
#include <vector>

#include "basin/problems/cifar10_cnn.hpp"
#include "basin/problems/fmnist_cnn.hpp"
#include "basin/problems/fmnist_deep_relu.hpp"
#include "basin/problems/fmnist_deep_tanh.hpp"
#include "basin/problems/fmnist_mlp.hpp"
#include "basin/problems/mnist_cnn.hpp"

namespace basin {

inline std::vector<Problem> problems() {
  return {fmnist_cnn(), fmnist_mlp(), fmnist_deep_relu(), fmnist_deep_tanh(), mnist_cnn(), cifar10_cnn()};
}

}  // namespace basin
