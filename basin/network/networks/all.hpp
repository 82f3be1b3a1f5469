// The list of named networks. One line here yields the name on the command line and in a problem, its sizes,
// the row in `basin list networks` and the tests.
#pragma once
#include "basin/core/list.hpp"
#include "basin/network/networks/autoencoder.hpp"
#include "basin/network/networks/char_lstm.hpp"
#include "basin/network/networks/char_transformer.hpp"
#include "basin/network/networks/lenet.hpp"
#include "basin/network/networks/logistic.hpp"
#include "basin/network/networks/mlp.hpp"
#include "basin/network/networks/resnet.hpp"

namespace basin::nn::networks {

using All = List<Logistic, Mlp, LeNet, ResNet, CharLstm, CharTransformer, Autoencoder>;

}  // namespace basin::nn::networks
