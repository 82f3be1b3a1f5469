// The role of each parameter, for modules of every kind, libtorch's and a user's own.
#include "basin/nn/module_roles.hpp"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "basin/core/error.hpp"
#include "basin/data/data_sets.hpp"
#include "basin/network/networks.hpp"
#include "basin/nn/network.hpp"
#include "basin/problems/problems.hpp"

namespace basin::nn {
namespace {

using Named = std::vector<std::pair<std::string, std::string>>;

Named named_roles(const torch::nn::Module& module) {
  Named out;
  for (const RoledParameter& p : roles(module)) out.emplace_back(p.name, name_of(p.role));
  return out;
}

// Modules by name, in the given order.
struct Made : torch::nn::Module {
  template <class M>
  Made& with(const std::string& name, M holder) {
    register_module(name, holder);
    return *this;
  }
  Made& with_parameter(const std::string& name, std::vector<std::int64_t> shape) {
    register_parameter(name, torch::zeros(shape));
    return *this;
  }
};

TEST(ModuleRoles, FollowFromTheTypesOfLibtorchsModules) {
  Made net;
  net.with("tokens", torch::nn::Embedding(7, 4))
      .with("bag", torch::nn::EmbeddingBag(7, 4))
      .with("a", torch::nn::Conv1d(1, 2, 3))
      .with("b", torch::nn::Conv3d(1, 2, 3))
      .with("c", torch::nn::ConvTranspose2d(1, 2, 3))
      .with("d", torch::nn::BatchNorm2d(2))
      .with("e", torch::nn::GroupNorm(1, 2))
      .with("f", torch::nn::LayerNorm(torch::nn::LayerNormOptions({2, 3})))
      .with("g", torch::nn::InstanceNorm1d(torch::nn::InstanceNorm1dOptions(2).affine(true)))
      .with("h", torch::nn::Bilinear(2, 3, 4))
      .with("i", torch::nn::Linear(3, 4))
      .with("j", torch::nn::Linear(torch::nn::LinearOptions(4, 2).bias(false)));
  EXPECT_EQ(named_roles(net), (Named{{"tokens.weight", "embedding"},
                                     {"bag.weight", "embedding"},
                                     {"a.weight", "convolution"},
                                     {"a.bias", "bias"},
                                     {"b.weight", "convolution"},
                                     {"b.bias", "bias"},
                                     {"c.weight", "convolution"},
                                     {"c.bias", "bias"},
                                     {"d.weight", "norm"},
                                     {"d.bias", "norm"},
                                     {"e.weight", "norm"},
                                     {"e.bias", "norm"},
                                     {"f.weight", "norm"},
                                     {"f.bias", "norm"},
                                     {"g.weight", "norm"},
                                     {"g.bias", "norm"},
                                     {"h.weight", "matrix"},
                                     {"h.bias", "bias"},
                                     {"i.weight", "matrix"},
                                     {"i.bias", "bias"},
                                     {"j.weight", "head"}}));
}

TEST(ModuleRoles, RecurrentAndAttentionModulesHoldMatricesAndNoHead) {
  Made net;
  net.with("embed_cell", torch::nn::LSTMCell(4, 3))
      .with("lstm", torch::nn::LSTM(torch::nn::LSTMOptions(4, 3).proj_size(2)))
      .with("classify", torch::nn::Linear(2, 2))
      .with("gru", torch::nn::GRU(2, 2))
      .with("attention", torch::nn::MultiheadAttention(4, 2))
      .with("block", torch::nn::TransformerEncoderLayer(4, 2));
  std::size_t matrices = 0;
  for (const auto& [name, role] : named_roles(net)) {
    const bool norm = name.find("norm") != name.npos, bias = name.find("bias") != name.npos;
    const std::string wanted = name == "classify.weight" ? "head" : norm ? "norm" : bias ? "bias" : "matrix";
    EXPECT_EQ(role, wanted) << name;
    matrices += role == "matrix";
  }
  EXPECT_EQ(matrices, 2u + 3u + 2u + 2u + 4u);
}

TEST(ModuleRoles, OfAModuleThatIsNotKnownAreGuessedByNameAndDimensions) {
  Made net;
  net.with_parameter("token_embedding", {9, 4})
      .with_parameter("pos_embed", {1, 5, 4})
      .with_parameter("projection_weight", {4, 4})
      .with_parameter("kernel", {4, 4, 3})
      .with_parameter("rms_norm_weight", {1, 4, 1, 1})
      .with_parameter("denormalizer", {4, 4})
      .with_parameter("layer_scale", {4})
      .with_parameter("in_bias", {4})
      .with_parameter("last_weight", {1, 4})
      .with_parameter("codes", {4, 4});
  EXPECT_EQ(named_roles(net), (Named{{"token_embedding", "embedding"},
                                     {"pos_embed", "embedding"},
                                     {"projection_weight", "matrix"},
                                     {"kernel", "convolution"},
                                     {"rms_norm_weight", "norm"},
                                     {"denormalizer", "matrix"},
                                     {"layer_scale", "norm"},
                                     {"in_bias", "bias"},
                                     {"last_weight", "head"},
                                     {"codes", "matrix"}}));
}

// If the head is tied to the embedding, a hidden layer must not be taken for the head.
TEST(ModuleRoles, ASharedParameterIsAnEmbeddingIfItIsOneAnywhere) {
  torch::nn::Linear hidden(4, 4), out(torch::nn::LinearOptions(4, 6).bias(false));
  torch::nn::Embedding tokens(torch::nn::EmbeddingOptions(6, 4)._weight(out->weight));
  Made usual, late;
  usual.with("tokens", tokens).with("hidden", hidden).with("out", out);
  late.with("hidden", hidden).with("out", out).with("tokens", tokens);
  EXPECT_EQ(named_roles(usual),
            (Named{{"tokens.weight", "embedding"}, {"hidden.weight", "matrix"}, {"hidden.bias", "bias"}}));
  EXPECT_EQ(named_roles(late),
            (Named{{"hidden.weight", "matrix"}, {"hidden.bias", "bias"}, {"out.weight", "embedding"}}));
}

// What the command lists and checks without libtorch is what the network has.
TEST(ModuleRoles, OfAListOfLayersAreThoseOfItsNetwork) {
  std::vector<std::vector<Layer>> networks{parse_layers(
      "conv 4 3x3 same, group-norm 2, flatten, linear 5, layer-norm, relu, linear 3, batch-norm", {6, 6, 3})};
  for (const Problem& problem : problems()) {
    if (problem.source) continue;
    const data::DataSet set = data::data_set(problem.data);
    const Shape in{set.height, set.width, set.channels};
    networks.push_back(parse_layers(expand_network(problem.layers, in, set.classes), in, set.classes));
  }
  for (const auto& layers : networks) {
    const auto network = make_network(layers);
    const auto listed = parameters_of(layers);
    const auto there = roles(*network);
    ASSERT_EQ(listed.size(), there.size());
    for (std::size_t i = 0; i < listed.size(); ++i) {
      EXPECT_EQ(listed[i].name, there[i].name);
      EXPECT_EQ(listed[i].role, there[i].role) << listed[i].name;
      EXPECT_EQ(listed[i].weights, there[i].parameter.numel()) << listed[i].name;
      EXPECT_TRUE(there[i].parameter.is_same(network->parameters()[i])) << "in the order of the network";
    }
  }
}

TEST(GroupsByRole, KeepEveryKnobThatTheySayEvenWhereItIsTheDefaultOfTheRule) {
  const auto net = make_network(parse_layers("linear 4, batch-norm, linear 2", {1, 1, 3}));
  const auto base = kernels::Chain::parse("adamw:lr=0.5:weight_decay=0.25");
  optim::Optimizer optimizer(groups_by_role(*net, "norm bias: weight_decay 0.01; head: lr 0.001", base),
                             base);
  ASSERT_EQ(optimizer.param_groups().size(), 3u);
  EXPECT_EQ(optimizer.param_groups()[0].params().size(), 1u);
  EXPECT_EQ(optimizer.param_groups()[1].params().size(), 4u);
  EXPECT_EQ(optimizer.rule(0).get("weight_decay"), 0.25);
  EXPECT_EQ(optimizer.rule(1).get("weight_decay"), 0.01);
  EXPECT_EQ(optimizer.rule(1).lr(), 0.5);
  EXPECT_EQ(optimizer.rule(2).lr(), 0.001);
}

TEST(GroupsByRole, RefuseAGroupWithoutParameters) {
  const auto net = make_network(parse_layers("linear 4, batch-norm, linear 2", {1, 1, 3}));
  const auto base = kernels::Chain::parse("adam");
  EXPECT_THROW(groups_by_role(*net, "embedding: adagrad", base), InputError);
  EXPECT_THROW(groups_by_role(*net, "bias: momentum 0", base), InputError);
  EXPECT_EQ(groups_by_role(*net, "embedding head: adagrad", base).size(), 2u);
  EXPECT_EQ(groups_by_role(*net, "none", base).size(), 1u);
}

TEST(GroupsByRole, ARoleMayBeChangedBeforeGroupsAreMade) {
  const auto net = make_network(parse_layers("linear 4, linear 2", {1, 1, 3}));
  auto parameters = roles(*net);
  parameters[0].role = Role::embedding;
  const auto groups =
      groups_by_role(parameters, parse_groups("embedding: adagrad"), kernels::Chain::parse("adam"));
  EXPECT_TRUE(groups[1].params().at(0).is_same(net->parameters()[0]));
}

}  // namespace
}  // namespace basin::nn
