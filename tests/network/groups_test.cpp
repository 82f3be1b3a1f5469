// Groups in words: what they say, what their chains become, and every text that is refused.
#include "basin/network/groups.hpp"

#include <gtest/gtest.h>

#include "basin/core/error.hpp"
#include "tests/refusal.hpp"

namespace basin::nn {
namespace {

kernels::Chain chain_of(std::string_view groups, std::string_view base) {
  return parse_groups(groups).at(0).chain_in(kernels::Chain::parse(base));
}

TEST(Groups, ReadTheirWords) {
  const auto groups =
      parse_groups("norm  bias: weight_decay 0 ;embedding: clip_norm:1+adagrad, lr 0.01; head:lr 0.1x");
  ASSERT_EQ(groups.size(), 3u);
  EXPECT_EQ(groups[0].roles, (std::vector{Role::norm, Role::bias}));
  EXPECT_FALSE(groups[0].chain);
  EXPECT_EQ(groups[1].chain->text(), "clip_norm:1+adagrad");
  EXPECT_EQ(groups[1].settings.at(0).value, 0.01);
  EXPECT_FALSE(groups[1].settings[0].multiple);
  EXPECT_EQ(groups[2].settings.at(0).knob, "lr");
  EXPECT_TRUE(groups[2].settings[0].multiple);
  EXPECT_TRUE(parse_groups("none").empty());
}

TEST(Groups, NameEveryRole) {
  const auto groups = parse_groups("matrix convolution embedding: lr 1; head norm: lr 2");
  EXPECT_EQ(group_of(groups, Role::convolution), 1u);
  EXPECT_EQ(group_of(groups, Role::norm), 2u);
  EXPECT_EQ(group_of(groups, Role::bias), 0u) << "the optimizer's own";
}

TEST(Groups, WithoutARuleHaveTheOptimizersWithItsLinksAndKnobs) {
  const kernels::Chain chain = chain_of("bias: weight_decay 0", "clip_norm:2+adamw:lr=0.3:weight_decay=0.5");
  EXPECT_EQ(chain.text(), "clip_norm:2+adamw");
  EXPECT_EQ(chain.rule.lr(), 0.3);
  EXPECT_EQ(chain.rule.get("weight_decay"), 0);
}

TEST(Groups, WithARuleHaveItsDefaultsAndNoLinksButTheirOwn) {
  const kernels::Chain chain = chain_of("bias: adagrad", "clip_norm:2+adamw:lr=0.3");
  EXPECT_EQ(chain.text(), "adagrad");
  EXPECT_EQ(chain.rule.lr(), 0.01);
  EXPECT_EQ(chain_of("bias: momentum, momentum 0.5", "adam").rule.get("momentum"), 0.5)
      << "a rule and its knob";
}

TEST(Groups, AMultipleIsOfTheOptimizersOwnKnobWhateverTheRule) {
  EXPECT_EQ(chain_of("head: lr 0.5x", "adam:lr=0.25").rule.lr(), 0.125);
  EXPECT_EQ(chain_of("head: adagrad, lr 2x", "adam:lr=0.25").rule.lr(), 0.5);
}

TEST(Groups, RefuseWhatIsWrongAndSayWhichGroup) {
  const std::pair<const char*, const char*> wrong[] = {
      {"", "groups '': wanted roles, a colon and settings, as in norm bias: weight_decay 0"},
      {"norm", "groups 'norm': wanted roles, a colon"},
      {": lr 1", "wanted roles, a colon"},
      {"norm: lr 1;", "groups '': wanted roles, a colon"},
      {"nrom: lr 1", "groups 'nrom: lr 1': unknown role 'nrom'; did you mean 'norm'?"},
      {"everything: lr 1", "it is one of matrix, convolution, embedding, head, norm and bias"},
      {"norm norm: lr 1", "the role norm is given twice"},
      {"norm: lr 1; bias norm: lr 2", "groups 'bias norm: lr 2': the role norm is given twice"},
      {"norm:", "it has an empty part"},
      {"norm: lr 1,", "it has an empty part"},
      {"norm: lr", "lr lacks its value; write it like weight_decay 0, or lr 0.1x for a multiple"},
      {"norm: lr fast",
       "'lr fast': the value is not a number; write it like lr 0.1, or lr 0.1x for a multiple"},
      {"norm: lr x", "the value is not a number"},
      {"norm: lr 0.1xx", "the value is not a number"},
      {"norm: lr nan", "the value is not a number"},
      {"norm: lr infx", "the value is not a number"},
      {"norm: lr 1, lr 2", "lr is given twice"},
      {"norm: adgrad", "unknown optimizer 'adgrad'; did you mean 'adagrad'?"},
      {"norm: sgd, adam", "'adam': name one rule, before the settings"},
      {"norm: lr 1, adam", "'adam': name one rule, before the settings"},
      {"norm: adagrad, beta1 0", "adagrad: unknown knob 'beta1'"},
      {"norm: adagrad, beta1 2x", "adagrad: unknown knob 'beta1'"},
      {"norm: adagrad, lr -1", "adagrad: lr = -1 is outside its range; it must be 0 or more"},
  };
  for (const auto& [text, message] : wrong)
    EXPECT_NE(refusal([&] { parse_groups(text); }).find(message), std::string::npos)
        << text << " -> " << refusal([&] { parse_groups(text); });
}

TEST(Groups, RefuseWhatTheOptimizerDoesNotHave) {
  const auto of = [](const char* groups, const char* base) {
    return refusal([&] { chain_of(groups, base); });
  };
  EXPECT_EQ(
      of("norm: betta1 0.5", "adam").find("groups 'norm: betta1 0.5': adam: unknown knob 'betta1'; did you"),
      0u);
  EXPECT_NE(of("norm: adam, beta1 0.5x", "sgd").find("sgd: unknown knob 'beta1'"), std::string::npos);
  EXPECT_NE(of("norm: beta1 1.5", "adam").find("beta1 = 1.5 is outside its range"), std::string::npos);
  EXPECT_NE(of("norm: beta1 2x", "adam").find("beta1 = 1.8 is outside its range"), std::string::npos);
}

TEST(Groups, MustHaveAParameterAndMayNameRolesThatAreAbsent) {
  const Role there[] = {Role::convolution, Role::bias, Role::head, Role::bias};
  check_inhabited(parse_groups("norm bias: lr 1"), there);
  EXPECT_EQ(refusal([&] { check_inhabited(parse_groups("bias: lr 1; embedding norm: adagrad"), there); }),
            "groups 'embedding norm: adagrad': this network has no such parameters; it has convolution, head "
            "and bias");
}

TEST(LayerRoles, AreThoseOfEveryLayerAndTheLastWithWeightsIsTheHead) {
  const auto parameters = parameters_of(parse_layers(
      "conv 4 3x3 same, batch-norm, relu, flatten, linear 5, layer-norm, linear 2, tanh", {6, 6, 3}));
  std::string text;
  for (const LayerParameter& p : parameters)
    text += p.name + " " + name_of(p.role) + " " + std::to_string(p.weights) + "\n";
  EXPECT_EQ(text,
            "conv0_weight convolution 108\nconv0_bias bias 4\nnorm1_weight norm 4\nnorm1_bias norm 4\n"
            "linear4_weight matrix 720\nlinear4_bias bias 5\nnorm5_weight norm 5\nnorm5_bias norm 5\n"
            "linear6_weight head 10\nlinear6_bias bias 2\n");
  EXPECT_TRUE(parameters_of(parse_layers("relu", {6, 6, 3})).empty());
  EXPECT_EQ(role_named("head"), Role::head);
}

}  // namespace
}  // namespace basin::nn
