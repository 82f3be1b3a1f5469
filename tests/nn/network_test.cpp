#include "basin/nn/network.hpp"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <algorithm>
#include <cmath>

#include "basin/core/error.hpp"
#include "basin/data/data_sets.hpp"
#include "basin/network/networks.hpp"
#include "basin/problems/problems.hpp"

namespace basin::nn {
namespace {

std::shared_ptr<Network> network(const std::string& layers, Shape in) {
  return make_network(parse_layers(layers, in));
}

torch::Tensor images(std::int64_t n, std::int64_t channels, std::int64_t edge) {
  return torch::randn({n, channels, edge, edge}).contiguous(at::MemoryFormat::ChannelsLast);
}

TEST(Network, HasTheParametersThatItsLayersCount) {
  const std::string text = "conv 16 3x3 same, batch-norm, relu, max-pool 2, flatten, linear 10";
  const auto layers = parse_layers(text, {28, 28, 1});
  EXPECT_EQ(parameter_count(*make_network(layers)), parameter_count(layers));
}

// The same network from libtorch's own modules, in the order of the text, with features transposed to height
// x width x channels.
TEST(Network, ComputesWhatItsTextSays) {
  torch::manual_seed(1);
  const auto net = network(
      "conv 4 3x3 same, relu, max-pool 2, conv 6 3x3, batch-norm, tanh, flatten, linear 5", {8, 8, 3});
  initialize(*net, "default", 1, 0);
  torch::nn::Conv2d first(torch::nn::Conv2dOptions(3, 4, 3).padding(1)),
      second(torch::nn::Conv2dOptions(4, 6, 3));
  torch::nn::BatchNorm2d norm(6);
  torch::nn::Linear last(24, 5);
  const auto own = net->parameters();
  const torch::NoGradGuard no_gradients;
  std::vector<torch::Tensor> theirs;
  for (const auto& module :
       {first->parameters(), second->parameters(), norm->parameters(), last->parameters()})
    theirs.insert(theirs.end(), module.begin(), module.end());
  ASSERT_EQ(own.size(), theirs.size());
  for (std::size_t i = 0; i < own.size(); ++i) theirs[i].copy_(own[i]);
  const torch::Tensor x = images(7, 3, 8);
  torch::Tensor y = torch::max_pool2d(first->forward(x).relu(), 2);
  y = norm->forward(second->forward(y)).tanh();
  y = last->forward(y.permute({0, 2, 3, 1}).contiguous().flatten(1));
  EXPECT_TRUE(torch::allclose(net->forward(x), y, 1e-5, 1e-6));
}

TEST(Network, LayerAndGroupNormAreLibtorchs) {
  torch::manual_seed(2);
  const torch::Tensor x = images(5, 6, 4);
  const auto layer = network("layer-norm", {4, 4, 6}), group = network("group-norm 3", {4, 4, 6});
  torch::nn::LayerNorm over_channels(torch::nn::LayerNormOptions({6}));
  torch::nn::GroupNorm in_groups(torch::nn::GroupNormOptions(3, 6));
  const torch::Tensor wanted = over_channels->forward(x.permute({0, 2, 3, 1})).permute({0, 3, 1, 2});
  // Sums of up to 32 numbers of size 1 in float, in another order.
  EXPECT_TRUE(torch::allclose(layer->forward(x), wanted, 1e-5, 1e-5));
  EXPECT_TRUE(torch::allclose(group->forward(x), in_groups->forward(x.contiguous()), 1e-5, 1e-5));
  for (const auto& net : {layer, group})
    EXPECT_TRUE(net->forward(x).is_contiguous(at::MemoryFormat::ChannelsLast));
  const torch::Tensor features = torch::randn({5, 6});
  EXPECT_TRUE(torch::allclose(network("layer-norm", {1, 1, 6})->forward(features),
                              over_channels->forward(features), 1e-5, 1e-5));
}

// One activation that falls back to channels-first makes a max-pool eight times slower, and costs a copy at
// the next layer. Every prefix of a network's layers is a network, whose output is the activation there.
TEST(Network, ActivationsAndTheirGradientsStayInChannelsLastUpToTheLastImage) {
  for (const Problem& problem : problems()) {
    if (problem.source) continue;
    const data::DataSet set = data::data_set(problem.data);
    const Shape in{set.height, set.width, set.channels};
    const auto list = parse_layers(expand_network(problem.layers, in, set.classes), in, set.classes);
    const auto makes_features = [](const Layer& layer) { return layer.out.is_features(); };
    const auto last = std::ranges::find_if(list, makes_features);
    for (auto end = list.begin() + 1; !makes_features(list.front()) && end <= last; ++end) {
      // Laid out like batches: with one channel, only the strides distinguish channels-last from
      // channels-first.
      const torch::Tensor x =
          torch::randn({4, set.height, set.width, set.channels}).permute({0, 3, 1, 2}).requires_grad_();
      const torch::Tensor y = make_network({list.begin(), end})->forward(x);
      const std::string where = problem.name + ", layer " + std::to_string(end - list.begin());
      EXPECT_TRUE(y.is_contiguous(at::MemoryFormat::ChannelsLast)) << where;
      y.square().sum().backward();
      EXPECT_TRUE(x.grad().is_contiguous(at::MemoryFormat::ChannelsLast)) << where;
    }
  }
}

TEST(Initialize, LsuvGivesOutputsOfVarianceOneAndLeavesStatisticsAlone) {
  torch::manual_seed(3);
  const auto net = network(
      "conv 8 3x3 same, batch-norm, relu, max-pool 2, flatten, linear 40, relu, linear 20", {8, 8, 3});
  const torch::Tensor x = 3 * images(64, 3, 8) + 1;
  initialize(*net, "lsuv", 1, 0, x);
  EXPECT_TRUE(net->is_training());
  for (const torch::Tensor& buffer : net->buffers())
    EXPECT_TRUE((buffer == 0).all().item<bool>() || (buffer == 1).all().item<bool>());
  net->eval();
  const torch::NoGradGuard no_gradients;
  EXPECT_NEAR(net->forward(x).var().item<double>(), 1, 0.1);  // the paper's tolerance
  EXPECT_THROW(initialize(*net, "lsuv", 1, 0), InputError);
}

TEST(Initialize, TheHeadIsTheLastLayer) {
  const auto net = network("linear 4, relu, linear 3", {1, 1, 5});
  initialize(*net, "he_normal head=zeros", 1, 0);
  EXPECT_FALSE((net->parameters()[0] == 0).any().item<bool>());
  EXPECT_TRUE((net->parameters()[2] == 0).all().item<bool>());
}

TEST(Network, PoolingBeforeReluChangesNeitherValuesNorGradients) {
  const torch::Tensor x = images(3, 2, 6), seen = x.clone().requires_grad_(),
                      plain = x.clone().requires_grad_();
  const torch::Tensor swapped = torch::max_pool2d(seen, 2).relu(),
                      listed = torch::max_pool2d(plain.relu(), 2);
  EXPECT_TRUE(torch::equal(swapped, listed));
  swapped.square().sum().backward();
  listed.square().sum().backward();
  EXPECT_TRUE(torch::equal(seen.grad(), plain.grad()));
}

TEST(Network, DropoutActsInTrainingAlone) {
  const auto net = network("dropout 0.5", {1, 1, 1000});
  const torch::Tensor x = torch::ones({4, 1000});
  net->eval();
  EXPECT_TRUE(torch::equal(net->forward(x), x));
  net->train();
  const torch::Tensor y = net->forward(x);
  EXPECT_NEAR((y == 0).to(torch::kFloat32).mean().item<double>(), 0.5, 5 * 0.5 / std::sqrt(4000));
  EXPECT_NEAR(y.mean().item<double>(), 1, 5 / std::sqrt(4000));
}

TEST(Network, EveryLayerCanBeTrained) {
  const auto net = network(
      "conv 2 3x3 same, tanh, relu, max-pool 2, sigmoid, relu, flatten, linear 4, batch-norm, relu, linear 2",
      {4, 4, 1});
  initialize(*net, "he_normal", 1, 0);
  net->forward(images(5, 1, 4)).square().sum().backward();
  for (const auto& item : net->named_parameters()) EXPECT_TRUE(item.value().grad().defined()) << item.key();
}

TEST(Initialize, IsKeyedBySeedAndReplicateAlone) {
  const auto weights = [](std::uint64_t seed, std::uint64_t replicate) {
    const auto net = network("conv 4 3x3 same, flatten, linear 5", {6, 6, 2});
    initialize(*net, "glorot_uniform", seed, replicate);
    return net->parameters()[2].clone();
  };
  EXPECT_TRUE(torch::equal(weights(1, 0), weights(1, 0)));
  EXPECT_FALSE(torch::equal(weights(1, 0), weights(1, 1)));
  EXPECT_FALSE(torch::equal(weights(1, 0), weights(2, 0)));
}

TEST(Initialize, UsesTheFansOfItsLayer) {
  const auto net = network("conv 64 3x3 same, flatten, linear 300", {8, 8, 32});
  initialize(*net, "he_normal", 1, 0);
  const auto parameters = net->parameters();
  // A standard deviation over n values has an error of 1 / sqrt(2 n); five of these.
  const auto expect_sd = [](const torch::Tensor& w, double sd) {
    EXPECT_NEAR(w.std().item<double>(), sd, 5 * sd / std::sqrt(2.0 * static_cast<double>(w.numel())));
  };
  expect_sd(parameters[0], std::sqrt(2.0 / (9 * 32)));
  expect_sd(parameters[2], std::sqrt(2.0 / (64 * 64)));
  EXPECT_EQ(parameters[1].abs().sum().item<double>(), 0);
}

TEST(Initialize, RefusesAnUnknownName) {
  const auto net = network("linear 2", {1, 1, 3});
  EXPECT_THROW(initialize(*net, "he_norml", 1, 0), InputError);
}

}  // namespace
}  // namespace basin::nn
