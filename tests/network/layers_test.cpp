// The layer-list language: shapes and parameters of the shipped networks, and every way to be wrong.
#include "basin/network/layers.hpp"

#include <gtest/gtest.h>

#include "basin/core/error.hpp"
#include "basin/problems/problems.hpp"

namespace basin::nn {
namespace {

std::string refusal(std::string_view layers, Shape in = {28, 28, 1}) {
  try {
    parse_layers(layers, in);
  } catch (const InputError& e) {
    return e.what();
  }
  return "accepted";
}

TEST(Layers, ShapesFollowEachLayer) {
  const auto layers = parse_layers(
      "conv 16 3x3 same, relu, max-pool 2, conv 8 5x5, max-pool 3, flatten, linear 10", {28, 28, 1});
  const std::vector<std::array<std::int64_t, 3>> wanted{{28, 28, 16}, {28, 28, 16}, {14, 14, 16}, {10, 10, 8},
                                                        {3, 3, 8},    {1, 1, 72},   {1, 1, 10}};
  ASSERT_EQ(layers.size(), wanted.size());
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const Shape& out = layers[i].out;
    EXPECT_EQ((std::array{out.height, out.width, out.channels}), wanted[i]) << "layer " << i + 1;
  }
}

TEST(Layers, ParametersOfTheShippedNetworks) {
  // By hand: 16*10 + 32*145 + 128*1569 + 10*129, and so on.
  EXPECT_EQ(parameter_count(parse_layers(fmnist_cnn().layers, {28, 28, 1})), 206922);
  EXPECT_EQ(parameter_count(parse_layers(mnist_cnn().layers, {28, 28, 1})), 206922);
  EXPECT_EQ(parameter_count(parse_layers(fmnist_mlp().layers, {28, 28, 1})),
            784 * 256 + 256 + 256 * 128 + 128 + 1290);
  EXPECT_EQ(parameter_count(parse_layers(cifar10_cnn().layers, {32, 32, 3})),
            32 * 28 + 64 + 32 * 289 + 64 + 64 * 289 + 128 + 64 * 577 + 128 + 128 * 4097 + 1290);
}

TEST(Layers, NormsHaveAScaleAndAShiftOfEachChannel) {
  const auto layers = parse_layers("batch-norm, layer-norm, group-norm 3", {5, 4, 6});
  for (const Layer& layer : layers) {
    EXPECT_EQ(layer.parameters, 12);
    EXPECT_EQ(layer.out.size(), 120);
  }
  EXPECT_EQ(layers[2].units, 3);
  EXPECT_EQ(refusal("group-norm 4", {5, 4, 6}),
            "layer 1, 'group-norm 4': 6 channels are not divisible into 4 groups");
}

TEST(Layers, DropoutKeepsShapeAndProbability) {
  const auto layers = parse_layers("flatten, dropout 0.5", {2, 3, 4});
  EXPECT_DOUBLE_EQ(layers[1].probability, 0.5);
  EXPECT_EQ(layers[1].out.channels, 24);
}

TEST(Layers, RefusalsNameTheLayerAndTheRemedy) {
  EXPECT_EQ(refusal("conf 16 3x3"), "layer 1, 'conf 16 3x3': unknown layer 'conf'; did you mean 'conv'?");
  EXPECT_EQ(refusal("relu,, relu"), "layer 2, '': it is empty");
  EXPECT_EQ(refusal("conv 16"), "layer 1, 'conv 16': write it as conv CHANNELS KxK [same|valid]");
  EXPECT_EQ(refusal("conv 16 3x5"),
            "layer 1, 'conv 16 3x5': the kernel '3x5' is not square; write it like 3x3");
  EXPECT_EQ(refusal("conv 16 2x2 same"), "layer 1, 'conv 16 2x2 same': same needs a kernel with an odd edge");
  EXPECT_EQ(refusal("conv 0 3x3"),
            "layer 1, 'conv 0 3x3': the number of channels '0' is not a whole number from 1 to 1000000");
  EXPECT_EQ(refusal("linear 10"),
            "layer 1, 'linear 10': its input is an image of 28x28x1; put flatten before it");
  EXPECT_EQ(refusal("max-pool 29"),
            "layer 1, 'max-pool 29': a window of 29x29 does not fit its input of 28x28x1");
  EXPECT_EQ(refusal("dropout 1"), "layer 1, 'dropout 1': the probability '1' is not a number in [0, 1)");
  EXPECT_EQ(refusal("dropout nan"),
            "layer 1, 'dropout nan': the probability 'nan' is not a number in [0, 1)");
  EXPECT_EQ(refusal("conv 4 3x3 sane"),
            "layer 1, 'conv 4 3x3 sane': unknown padding 'sane'; it is same or valid");
}

// Nothing overflows, with factors of up to a million each.
TEST(Layers, SizesThatNoNumberHoldsAreRefused) {
  const std::string wide = "conv 1000000 1x1, ";
  EXPECT_EQ(refusal(wide + "conv 1000000 999999x999999 same"),
            "layer 2, 'conv 1000000 999999x999999 same': it would have more than 1000000000000 weights");
  EXPECT_EQ(refusal(wide + "conv 1000000 1x1"),
            "layer 2, 'conv 1000000 1x1': it would have more than 1000000000000 weights");
  EXPECT_EQ(refusal("flatten, linear 1000000, linear 1000000"),
            "layer 3, 'linear 1000000': it would have more than 1000000000000 weights");
  EXPECT_EQ(refusal("conv 1000000 1x1, flatten", {2000, 2000, 1}),
            "layer 2, 'flatten': it would have more than 1000000000000 features");
  EXPECT_EQ(parameter_count(parse_layers(wide + "conv 999999 1x1", {1, 1, 1})), 2'000'000 + 999'999'999'999);
  EXPECT_EQ(refusal("relu", {1, 0, 1}), "an input of 1x0x1; each of the three must be 1 or more");
  const std::int64_t huge = std::int64_t{1} << 40;
  EXPECT_EQ(refusal("relu", {huge, huge, huge}), "it would have more than 1000000000000 numbers in an input");
}

}  // namespace
}  // namespace basin::nn
