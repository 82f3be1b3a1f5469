// Regularization in words, and dropout put into layers.
#include "basin/network/regularization.hpp"

#include <gtest/gtest.h>

#include "basin/core/error.hpp"

namespace basin::nn {
namespace {

std::vector<Layer> with(std::string_view layers, double dropout) {
  return with_dropout(parse_layers(layers, {1, 1, 4}), {.dropout = dropout});
}

TEST(Regularization, ReadsItsWords) {
  const Regularization r = parse_regularization("l1 1e-5, l2 0.5");
  EXPECT_EQ(r.l1, 1e-5);
  EXPECT_EQ(r.l2, 0.5);
  EXPECT_EQ(r.max_norm, 0);
  EXPECT_LT(r.dropout, 0) << "as the layers say";
  for (const char* wrong : {"l2 -1", "dropout 1", "l4 1", "l2 x", "", "l2 1,", "sam -1", "sam 0.1, asam 1"})
    EXPECT_THROW(parse_regularization(wrong), InputError) << wrong;
}

TEST(Regularization, DropoutTakesThePlaceOfThatOfTheLayers) {
  const auto list = with("linear 3, dropout 0.5, linear 2", 0.1);
  ASSERT_EQ(list.size(), 3u);
  EXPECT_EQ(list[1].as<layers::Dropout>().probability, 0.1);
  EXPECT_EQ(with("linear 3, dropout 0.5, linear 2", -1)[1].as<layers::Dropout>().probability, 0.5);
  EXPECT_EQ(with("linear 3, dropout 0.5, linear 2", 0)[1].as<layers::Dropout>().probability, 0);
}

// Initial weights are drawn by name, so that a comparison of dropouts starts from the same weights.
TEST(Regularization, DropoutStandsBeforeTheLastLinearLayerWhichKeepsItsNumber) {
  const auto list = with("linear 3, relu, linear 2, sigmoid", 0.25);
  ASSERT_EQ(list.size(), 5u);
  EXPECT_TRUE(list[2].is<layers::Dropout>());
  EXPECT_EQ(list[2].out.channels, 3);
  EXPECT_TRUE(list[3].is<layers::Linear>());
  EXPECT_EQ(list[3].number, 2u);
  EXPECT_THROW(with("relu", 0.25), InputError);
}

TEST(Regularization, DropoutReachesBlocksAndTheLayersInsideOthers) {
  const auto list = with_dropout(
      parse_layers("transformer 2, residual ( dropout 0.5, attention 2 dropout 0.3 )", Shape::sequence(3, 4)),
      {.dropout = 0.1});
  ASSERT_EQ(list.size(), 2u);
  EXPECT_EQ(list[0].as<layers::Transformer>().probability, 0.1);
  EXPECT_EQ(list[1].inside[0].as<layers::Dropout>().probability, 0.1);
  EXPECT_EQ(list[1].inside[1].as<layers::Attention>().probability, 0.1);
}

}  // namespace
}  // namespace basin::nn
