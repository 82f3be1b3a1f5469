// A deep autoencoder of digits, the classic that plain gradient descent trains slowly.
//
// Paper    Hinton & Salakhutdinov, Reducing the Dimensionality of Data with Neural Networks, Science 2006;
//          Martens, Deep Learning via Hessian-free Optimization, ICML 2010, trains this network without
//          pre-training
// Data     the 70,000 digits of MNIST; the target is the picture itself
#pragma once
#include "basin/problems/problem.hpp"

namespace basin {

inline Problem mnist_autoencoder() {
  Problem p{
      .name = "mnist-autoencoder",
      .summary = "Digits through a layer of 30 numbers and back (784-1000-500-250-30 and its mirror image)",
      .data = "mnist",
      .layers = "autoencoder 1000 500 250 30",
      .loss = "mse",
      .metric = "mse",
      .predicts = "inputs",
      .epochs = 10,
      .images_per_second = 3000};
  return p;
}

}  // namespace basin
