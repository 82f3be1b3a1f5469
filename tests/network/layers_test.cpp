// The layer-list language: shapes and parameters of the shipped networks, and every way to be wrong.
#include "basin/network/layers.hpp"

#include <gtest/gtest.h>

#include "basin/core/error.hpp"
#include "basin/network/layer_roles.hpp"
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
  const auto list = parse_layers("batch-norm, layer-norm, group-norm 3", {5, 4, 6});
  for (const Layer& layer : list) {
    EXPECT_EQ(parameter_count(layer), 12);
    EXPECT_EQ(layer.out.size(), 120);
  }
  EXPECT_EQ(list[2].as<layers::GroupNorm>().groups, 3);
  EXPECT_EQ(refusal("group-norm 4", {5, 4, 6}),
            "layer 1, 'group-norm 4': 6 channels are not divisible into 4 groups");
}

TEST(Layers, TakeWhatTheyAreFor) {
  EXPECT_EQ(refusal("linear 3", Shape::tokens(64, 65)),
            "layer 1: linear 3 over 64 tokens of 65 symbols: put \"embedding DIM\" before it");
  EXPECT_EQ(refusal("relu", Shape::sparse(123)),
            "layer 1: relu over a sparse row of 123 columns: put \"sparse-linear UNITS\" before it");
  EXPECT_EQ(refusal("linear 3", Shape::table({0, 7, 0, 2})),
            "layer 1: linear 3 over 4 columns, 2 of them categories: put \"embed-columns DIM\" before it");
  EXPECT_EQ(refusal("conv 4 3x3", Shape::sequence(100, 2)),
            "layer 1, 'conv 4 3x3': the kernel '3x3' is for images; over a sequence, write it like 3");
  EXPECT_EQ(refusal("conv 4 3"), "layer 1, 'conv 4 3': the kernel '3' is not square; write it like 3x3");
  EXPECT_EQ(refusal("max-pool 2", Shape::sequence(100, 2)),
            "layer 1: max-pool 2 over a sequence of 100 steps of 2: it takes an image");
  EXPECT_EQ(refusal("lstm 64"), "layer 1: lstm 64 over an image of 28x28x1: put \"rows\" before it");
  EXPECT_EQ(refusal("rows, lstm 64, linear 10, last"), "accepted");
  EXPECT_EQ(refusal("linear 3, lstm 64", Shape::features(5)),
            "layer 2: lstm 64 over 3 numbers: it takes a sequence");
  EXPECT_EQ(refusal("embedding 8", Shape::features(5)),
            "layer 1: embedding 8 over 5 numbers: it takes tokens");
  EXPECT_EQ(refusal("attention 3", Shape::sequence(10, 8)),
            "layer 1, 'attention 3': 8 channels are not divisible into 3 heads");
  EXPECT_EQ(refusal("linear 3", Shape::table({0, 0})), "accepted");
  EXPECT_EQ(text_of(Shape::features(1)), "1 number");
  EXPECT_EQ(text_of(Shape::features(10)), "10 numbers");
}

TEST(Layers, TheNumberOfOutputsHasAName) {
  EXPECT_EQ(parse_layers("flatten, linear outputs", {28, 28, 1}, 10).back().out, Shape::features(10));
  EXPECT_EQ(
      refusal("flatten, linear outputs"),
      "layer 2, 'linear outputs': outputs stands for the number of outputs, which is not known here; write a "
      "number");
}

TEST(Layers, DropoutKeepsShapeAndProbability) {
  const auto list = parse_layers("flatten, dropout 0.5", {2, 3, 4});
  EXPECT_DOUBLE_EQ(list[1].as<layers::Dropout>().probability, 0.5);
  EXPECT_EQ(list[1].out.channels, 24);
}

TEST(Layers, RefusalsNameTheLayerAndTheRemedy) {
  EXPECT_EQ(refusal("conf 16 3x3"), "layer 1, 'conf 16 3x3': unknown layer 'conf'; did you mean 'conv'?");
  EXPECT_EQ(refusal("relu,, relu"), "layer 2, '': it is empty");
  EXPECT_EQ(refusal("conv 16"),
            "layer 1, 'conv 16': write it as conv CHANNELS KxK|K [same|valid] [stride S] [groups G] "
            "[dilation D] [no-bias]");
  EXPECT_EQ(refusal("conv 16 3x5"),
            "layer 1, 'conv 16 3x5': the kernel '3x5' is not square; write it like 3x3");
  EXPECT_EQ(refusal("conv 16 2x2 same"), "layer 1, 'conv 16 2x2 same': same needs a kernel with an odd edge");
  EXPECT_EQ(refusal("conv 0 3x3"),
            "layer 1, 'conv 0 3x3': the number of channels '0' is not a whole number from 1 to 1000000");
  EXPECT_EQ(refusal("linear 10"), "layer 1: linear 10 over an image of 28x28x1: put \"flatten\" before it");
  EXPECT_EQ(refusal("max-pool 29"),
            "layer 1, 'max-pool 29': a window of 29x29 does not fit its input of 28x28x1");
  EXPECT_EQ(refusal("dropout 1"), "layer 1, 'dropout 1': the probability '1' is not a number in [0, 1)");
  EXPECT_EQ(refusal("dropout nan"),
            "layer 1, 'dropout nan': the probability 'nan' is not a number in [0, 1)");
  EXPECT_EQ(refusal("conv 4 3x3 sane"),
            "layer 1, 'conv 4 3x3 sane': unknown option 'sane'; did you mean 'same'?");
}

struct Counted {
  std::string layers;
  Shape in, out;
  std::int64_t weights;
};

// Counts by hand, from the formulas of each layer's paper.
TEST(Layers, ShapesAndParametersOfEachKind) {
  const Shape image{8, 6, 4}, steps = Shape::sequence(10, 8), tokens = Shape::tokens(10, 65);
  const std::vector<Counted> all{
      {"conv 6 3x3 same stride 2", image, {4, 3, 6}, 6 * 4 * 9 + 6},
      {"conv 6 3x3 stride 2 no-bias", image, {3, 2, 6}, 6 * 4 * 9},
      {"conv 6 3x3 same groups 2", image, {8, 6, 6}, 6 * 2 * 9 + 6},
      {"conv 6 3x3 dilation 2", image, {4, 2, 6}, 6 * 4 * 9 + 6},
      {"conv 6 3x3 same dilation 2", image, {8, 6, 6}, 6 * 4 * 9 + 6},
      {"conv 6 5", steps, Shape::sequence(6, 6), 6 * 8 * 5 + 6},
      {"conv 6 5 same stride 2", steps, Shape::sequence(5, 6), 6 * 8 * 5 + 6},
      {"conv-transpose 3 2x2 stride 2", image, {16, 12, 3}, 4 * 3 * 4 + 3},
      {"conv-transpose 3 3x3", image, {10, 8, 3}, 4 * 3 * 9 + 3},
      {"avg-pool 2", image, {4, 3, 4}, 0},
      {"global-avg-pool", image, Shape::features(4), 0},
      {"upsample 3", image, {24, 18, 4}, 0},
      {"rows", image, Shape::sequence(8, 24), 0},
      {"flatten, reshape 2x3x32", image, {2, 3, 32}, 0},
      {"embedding 12", tokens, Shape::sequence(10, 12), 65 * 12},
      {"embedding 12, flatten", tokens, Shape::features(120), 65 * 12},
      {"positions learned", steps, steps, 80},
      {"positions sinusoidal", steps, steps, 0},
      {"rnn 5", steps, Shape::sequence(10, 5), 5 * 8 + 25 + 10},
      {"gru 5", steps, Shape::sequence(10, 5), 3 * (5 * 8 + 25 + 10)},
      {"lstm 5", steps, Shape::sequence(10, 5), 4 * (5 * 8 + 25 + 10)},
      {"attention 2 causal", steps, steps, 4 * (64 + 8)},
      {"transformer 2", steps, steps, 4 * (64 + 8) + (8 * 32 + 32) + (32 * 8 + 8) + 4 * 8},
      {"transformer 2 mlp 5 no-bias", steps, steps, 4 * 64 + 2 * 8 * 5 + 4 * 8},
      {"last", steps, Shape::features(8), 0},
      {"mean", steps, Shape::features(8), 0},
      {"linear 3", steps, Shape::sequence(10, 3), 27},
      {"linear 3 no-bias sd 0.02", steps, Shape::sequence(10, 3), 24},
      {"layer-norm", steps, steps, 16},
      {"sparse-linear 2", Shape::sparse(100), Shape::features(2), 202},
      {"embed-columns 3", Shape::table({0, 4, 0, 2}), Shape::features(2 + 2 * 3), 6 * 3},
      {"residual ( conv 4 3x3 same, relu )", image, image, 4 * 4 * 9 + 4},
      {"residual project ( conv 6 3x3 same stride 2 )", image, {4, 3, 6}, 4 * 6 + 6 * 4 * 9 + 6},
      {"residual project ( linear 5 )", steps, Shape::sequence(10, 5), 40 + 45},
      {"repeat 3 ( linear 8, gelu )", steps, steps, 3 * 72},
      {"repeat 2 ( residual ( repeat 2 ( linear 8 ) ), linear 8 )", steps, steps, 6 * 72},
      {"gelu, silu, elu, leaky-relu, leaky-relu 0.2, softplus", steps, steps, 0}};
  for (const Counted& c : all) {
    const auto list = parse_layers(c.layers, c.in);
    EXPECT_EQ(list.back().out, c.out) << c.layers << ": " << text_of(list.back().out);
    EXPECT_EQ(parameter_count(list), c.weights) << c.layers;
    std::int64_t sum = 0;
    for (const LayerParameter& p : parameters_of(list)) sum += p.weights;
    EXPECT_EQ(sum, c.weights) << c.layers;
  }
}

// A layer that nothing above tests has no promise.
TEST(Layers, HaveAUsageThatBeginsWithTheirName) {
  for (const LayerInfo& info : layer_infos()) {
    EXPECT_EQ(info.usage.substr(0, info.name.size()), info.name);
    EXPECT_FALSE(info.title.empty()) << info.name;
  }
}

TEST(Layers, ParametersAreNumberedThroughTheWholeNetwork) {
  std::string names;
  for (const LayerParameter& p : parameters_of(parse_layers(
           "linear 4, residual project ( relu, linear 3 no-bias ), repeat 2 ( linear 2 no-bias )",
           Shape::features(5))))
    names += p.name + " " + name_of(p.role) + "\n";
  EXPECT_EQ(names,
            "linear0_weight matrix\nlinear0_bias bias\nresidual1_weight matrix\nlinear3_weight matrix\n"
            "linear4_weight matrix\nlinear5_weight head\n");
}

TEST(Layers, NestingIsReadAndRefusedByItsPlace) {
  EXPECT_EQ(refusal("residual ( conv 4 3x3 )"),
            "layer 1, 'residual': the layers inside turn an image of 28x28x1 into an image of 26x26x4, which "
            "cannot "
            "be added");
  EXPECT_EQ(refusal("residual ( conv 4 3x3 same )"),
            "layer 1, 'residual': the layers inside turn an image of 28x28x1 into an image of 28x28x4; write "
            "residual "
            "project ( ... )");
  EXPECT_EQ(refusal("relu, repeat 2 ( relu, lstm 3 )"),
            "layer 2, 'repeat 2': layer 2: lstm 3 over an image of 28x28x1: put \"rows\" before it");
  EXPECT_EQ(refusal("residual ( relu"), "layers: a ( has no ) after it");
  EXPECT_EQ(refusal("relu ), relu"), "layers: a ) has no ( before it");
  EXPECT_EQ(refusal("residual ( relu ) relu"), "layers: ' relu' follows a ); a comma is missing");
  EXPECT_EQ(refusal("residual ( )"), "layer 1, 'residual': layer 1, '': it is empty");
  EXPECT_EQ(refusal("residual"), "layer 1, 'residual': write it as residual [project] ( LAYERS )");
  EXPECT_EQ(refusal("repeat 3"), "layer 1, 'repeat 3': write it as repeat N ( LAYERS )");
  EXPECT_EQ(refusal("relu ( tanh )"), "layer 1, 'relu': write it as relu");
  EXPECT_EQ(refusal("repeat 1001 ( relu )"),
            "layer 1, 'repeat 1001': layer 1, 'relu': a network has at most 1000 layers");
  EXPECT_EQ(refusal("repeat 1000 ( relu )"), "accepted");
  std::string deep = "relu";
  for (int i = 0; i < 10; ++i) deep = "residual(" + deep + ")";
  EXPECT_EQ(refusal(deep), "accepted");
  EXPECT_NE(refusal("repeat 1 (" + deep + ")").find("nested more than 10 deep"), std::string::npos);
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
