// Named networks: their layers, their sizes against what is published, and every way to be wrong.
#include "basin/network/networks.hpp"

#include <gtest/gtest.h>

#include "basin/core/error.hpp"
#include "basin/network/layer_roles.hpp"
#include "basin/network/layers.hpp"
#include "tests/refusal.hpp"

namespace basin::nn {
namespace {

std::vector<Layer> layers_of(std::string_view network, const Shape& in, std::int64_t outputs) {
  return parse_layers(expand_network(network, in, outputs), in);
}

std::string refusal_of(std::string_view network, const Shape& in) {
  return refusal([&] { expand_network(network, in, 10); });
}

const Shape digit{28, 28, 1}, picture{32, 32, 3}, text = Shape::tokens(64, 65);

TEST(Networks, HaveAsManyWeightsAsIsPublished) {
  // He et al. give 0.27, 0.46, 0.85 and 1.7 million, without projections, which have 32 x 16 + 64 x 32.
  EXPECT_EQ(parameter_count(layers_of("resnet 20", picture, 10)), 269'722 + 2'560);
  EXPECT_NEAR(static_cast<double>(parameter_count(layers_of("resnet 32", picture, 10))), 0.46e6, 0.01e6);
  EXPECT_NEAR(static_cast<double>(parameter_count(layers_of("resnet 56", picture, 10))), 0.85e6, 0.01e6);
  EXPECT_NEAR(static_cast<double>(parameter_count(layers_of("resnet 110", picture, 10))), 1.7e6, 0.04e6);
  EXPECT_NEAR(static_cast<double>(parameter_count(layers_of("resnet 9", picture, 10))), 6.57e6, 0.01e6);
  EXPECT_EQ(parameter_count(layers_of("lenet", digit, 10)), 61'706);
  EXPECT_EQ(parameter_count(layers_of("lenet", {32, 32, 1}, 10)), 61'706);
  EXPECT_EQ(parameter_count(layers_of("mlp 128 64", digit, 10)), 784 * 128 + 128 + 128 * 64 + 64 + 650);
  EXPECT_EQ(parameter_count(layers_of("autoencoder", digit, 784)),
            2 * (784 * 1000 + 1000 * 500 + 500 * 250 + 250 * 30) + 2 * (1000 + 500 + 250) + 30 + 784);
}

// nanoGPT counts 0.80 million: without positions, and with one table for both ends.
TEST(Networks, TheTransformerHasTheWeightsOfNanoGpt) {
  std::int64_t positions = 0, head = 0, shifts = 0, all = 0;
  for (const LayerParameter& p : parameters_of(layers_of("char-transformer", text, 65))) {
    all += p.weights;
    if (p.name.starts_with("positions")) positions += p.weights;
    if (p.role == Role::head) head += p.weights;
    if (p.role == Role::norm && p.name.ends_with("bias")) shifts += p.weights;
  }
  EXPECT_EQ(all - positions - head - shifts, 795'904);
  EXPECT_EQ(head, 65 * 128);
}

TEST(Networks, FollowTheirInput) {
  EXPECT_EQ(expand_network("mlp 8", Shape::features(5), 1), "linear 8, relu, linear 1");
  EXPECT_EQ(expand_network("mlp 8", Shape::sparse(5), 2), "sparse-linear 8, relu, linear 2");
  EXPECT_EQ(expand_network("mlp 8 4", Shape::table({0, 3}), 2),
            "embed-columns 8, linear 8, relu, linear 4, relu, linear 2");
  EXPECT_EQ(expand_network("mlp", digit, 0), "flatten, linear 128, relu, linear 64, relu, linear outputs");
  EXPECT_EQ(expand_network("logistic", Shape::sparse(5), 2), "sparse-linear 2");
  EXPECT_EQ(expand_network("logistic", Shape::features(5), 2), "linear 2");
  EXPECT_EQ(expand_network("char-lstm 32", text, 65), "embedding 32, repeat 1 ( lstm 32 ), linear 65");
  EXPECT_EQ(expand_network("autoencoder 9 3", Shape::features(5), 5),
            "linear 9, sigmoid, linear 3, linear 9, sigmoid, linear 5");
  EXPECT_EQ(expand_network("flatten, linear 10", digit, 10), "flatten, linear 10");
}

TEST(Networks, FitTheirExamplesAndAreListedOnce) {
  for (const NetworkInfo& info : network_infos()) {
    const auto& [in, outputs] = info.example;
    EXPECT_EQ(layers_of(info.name, in, outputs).back().out.channels, outputs) << info.name;
    EXPECT_EQ(info.usage.substr(0, info.name.size()), info.name);
    for (const LayerInfo& layer : layer_infos()) EXPECT_NE(info.name, layer.name);
  }
}

TEST(Networks, RefusalsNameTheNetworkAndTheRemedy) {
  EXPECT_EQ(refusal_of("resnet 21", picture), "network 'resnet 21': it has 9, 20, 32, 44, 56 or 110 layers");
  EXPECT_EQ(refusal_of("mlp 12x", digit),
            "network 'mlp 12x': the size '12x' is not a whole number from 1 to 1000000");
  EXPECT_EQ(refusal_of("lenet 5", digit), "network 'lenet 5': write it as lenet");
  EXPECT_EQ(refusal_of("char-lstm", digit), "network 'char-lstm': it reads tokens, not an image of 28x28x1");
}

}  // namespace
}  // namespace basin::nn
