// The list of built-in problems: over pictures, tables and rows, series and texts, and data that rules make.
#pragma once
#include <vector>

#include "basin/problems/a9a_logistic.hpp"
#include "basin/problems/adding_lstm.hpp"
#include "basin/problems/adding_rnn.hpp"
#include "basin/problems/adult_mlp.hpp"
#include "basin/problems/cifar10_cnn.hpp"
#include "basin/problems/cifar10_resnet.hpp"
#include "basin/problems/fmnist_cnn.hpp"
#include "basin/problems/fmnist_deep_relu.hpp"
#include "basin/problems/fmnist_deep_tanh.hpp"
#include "basin/problems/fmnist_mlp.hpp"
#include "basin/problems/housing_mlp.hpp"
#include "basin/problems/mnist_autoencoder.hpp"
#include "basin/problems/mnist_cnn.hpp"
#include "basin/problems/shakespeare_lstm.hpp"
#include "basin/problems/shakespeare_transformer.hpp"
#include "basin/problems/sparse_words.hpp"
#include "basin/problems/spirals.hpp"
#include "basin/problems/sunspots_lstm.hpp"

namespace basin {

inline std::vector<Problem> problems() {
  return {fmnist_cnn(),       fmnist_mlp(),
          fmnist_deep_relu(), fmnist_deep_tanh(),
          mnist_cnn(),        cifar10_cnn(),
          cifar10_resnet(),   mnist_autoencoder(),
          housing_mlp(),      adult_mlp(),
          a9a_logistic(),     sunspots_lstm(),
          shakespeare_lstm(), shakespeare_transformer(),
          spirals(),          adding_rnn(),
          adding_lstm(),      sparse_words_logistic()};
}

}  // namespace basin
