// How libtorch computes each layer: as PyTorch's modules do, by golden/layers.py, and what no module shows.
#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>
#include <fstream>
#include <set>
#include <sstream>

#include "basin/core/names.hpp"
#include "basin/nn/layers/all.hpp"
#include "basin/nn/module_roles.hpp"
#include "basin/nn/network.hpp"
#include "tests/paths.hpp"

namespace basin::nn {
namespace {

std::shared_ptr<Network> network(const std::string& text, const Shape& in) {
  const auto net = make_network(parse_layers(text, in));
  initialize(*net, "default", 1, 0);
  return net;
}

torch::Tensor values_of(const std::string& text) {
  std::istringstream words(text);
  std::vector<float> values;
  for (float value; words >> value;) values.push_back(value);
  return torch::tensor(values);
}

// As in golden/layers.py.
torch::Tensor sines(at::IntArrayRef shape, double phase) {
  const torch::Tensor places = torch::arange(c10::multiply_integers(shape), torch::kFloat64);
  return (0.7 * places + phase).sin().to(torch::kFloat32).reshape(shape);
}

struct Golden {
  std::string layers;
  Shape in;
  torch::Tensor inputs;
  std::map<std::string, torch::Tensor> wanted;  // by the names of golden/layers.py
};

void read_input(Golden& golden, const std::string& text) {
  constexpr std::int64_t batch = 2;
  std::istringstream words(text);
  std::string kind;
  std::int64_t a, b, c;
  words >> kind >> a >> b;
  if (kind == "sequence") {
    golden.in = Shape::sequence(a, b);
    golden.inputs = sines({batch, a, b}, 0.25);
  } else if (kind == "tokens") {
    golden.in = Shape::tokens(a, b);
    golden.inputs = (torch::arange(batch * a) * 3 % b).reshape({batch, a});
    return;
  } else {
    words >> c;
    golden.in = {a, b, c};
    golden.inputs = sines({batch, c, a, b}, 0.25).contiguous(at::MemoryFormat::ChannelsLast);
  }
  golden.inputs.requires_grad_();
}

std::vector<Golden> golden_layers() {
  std::vector<Golden> out;
  std::ifstream file(std::string(paths::golden) + "/layers.csv");
  for (std::string line; std::getline(file, line);) {
    const auto cells = pieces(line, ';');
    if (out.empty() || out.back().layers != cells[0]) {
      out.push_back({std::string(cells[0]), {}, {}, {}});
      read_input(out.back(), std::string(cells[1]));
    }
    out.back().wanted[std::string(cells[2])] = values_of(std::string(cells[3]));
  }
  return out;
}

// Sums of up to 100 numbers of size 1, in float and in another order.
void expect_near(const torch::Tensor& found, const torch::Tensor& wanted, const std::string& where) {
  ASSERT_EQ(found.numel(), wanted.numel()) << where;
  EXPECT_TRUE(torch::allclose(found.flatten(), wanted, 1e-4, 2e-5))
      << where << ": off by " << (found.flatten() - wanted).abs().max().item<float>();
}

TEST(LayersOfLibtorch, AreThoseOfPyTorchWithTheirGradients) {
  const auto all = golden_layers();
  ASSERT_GT(all.size(), 25u);
  for (const Golden& golden : all) {
    const auto net = make_network(parse_layers(golden.layers, golden.in));
    const auto parameters = net->parameters();
    {
      const torch::NoGradGuard no_gradients;
      for (std::size_t i = 0; i < parameters.size(); ++i)
        parameters[i].copy_(0.6 * sines(parameters[i].sizes(), 1.5 + static_cast<double>(i)));
    }
    const torch::Tensor y = net->forward(golden.inputs);
    const torch::Tensor places = torch::arange(y.numel(), torch::kFloat64).reshape(y.sizes());
    (y * places.cos().to(torch::kFloat32)).sum().backward();
    expect_near(y, golden.wanted.at("output"), golden.layers);
    if (golden.inputs.requires_grad())
      expect_near(golden.inputs.grad(), golden.wanted.at("input"), golden.layers + ", input");
    for (std::size_t i = 0; i < parameters.size(); ++i)
      expect_near(parameters[i].grad(), golden.wanted.at(std::to_string(i)),
                  golden.layers + ", parameter " + std::to_string(i));
    EXPECT_EQ(golden.wanted.size(), parameters.size() + 1 + golden.inputs.requires_grad()) << golden.layers;
  }
}

// One input of each form; every layer goes over one of them.
const std::vector<std::string>& one_of_each() {
  static const std::vector<std::string> all{
      "conv 4 3x3 same, batch-norm, relu, conv 4 3x3 same no-bias, max-pool 2, avg-pool 2, upsample 2, "
      "conv-transpose 4 2x2 stride 2, group-norm 2, elu, tanh, relu, residual ( silu, conv 4 3x3 same, relu "
      "), "
      "residual project ( relu, conv 3 3x3 same stride 2 ), rows, rnn 4, lstm 4, gru 4, positions learned, "
      "attention 2, transformer 2 causal, transformer 2 no-bias post-norm, conv 4 3 same, relu, layer-norm, "
      "positions sinusoidal, mean, relu, linear 12, reshape 2x2x3, relu, leaky-relu, softplus, sigmoid, "
      "dropout 0.5, flatten, relu, linear outputs",
      "conv 2 3x3, global-avg-pool, gelu, linear outputs"};
  return all;
}

TEST(LayersOfLibtorch, HaveTheShapesAndParametersThatTheyDeclare) {
  const Shape image{8, 8, 2};
  for (const std::string& text : one_of_each()) {
    const auto list = parse_layers(text, image, 5);
    // Every beginning of a network is a network.
    for (auto end = list.begin() + 1; end <= list.end(); ++end) {
      const std::vector<Layer> part(list.begin(), end);
      const auto net = make_network(part);
      net->eval();
      EXPECT_EQ(parameter_count(*net), parameter_count(part));
      const Shape& out = part.back().out;
      std::vector<std::int64_t> wanted{3, out.channels, out.height, out.width};
      if (out.form == Shape::Form::sequence) wanted = {3, out.height, out.channels};
      if (out.is_features()) wanted = {3, out.channels};
      const torch::Tensor x = torch::randn({3, 2, 8, 8}).contiguous(at::MemoryFormat::ChannelsLast);
      EXPECT_EQ(net->forward(x).sizes().vec(), wanted) << text << ", the first " << part.size();
    }
  }
}

// A ReLU overwrites what nobody needs any more, and nothing else.
TEST(LayersOfLibtorch, ChangeNoInputAndBreakNoGradient) {
  std::vector<std::pair<std::string, Shape>> all{
      {"relu", {8, 8, 2}},
      {"flatten, relu", {8, 8, 2}},
      {"dropout 0.5, relu", {8, 8, 2}},
      {"residual ( relu )", {8, 8, 2}},
      {"rows, relu", {8, 8, 2}},
      {"repeat 2 ( residual ( relu, conv 2 3x3 same, relu ), relu )", {8, 8, 2}}};
  for (const std::string& text : one_of_each()) all.push_back({text, {8, 8, 2}});
  for (const auto& [text, in] : all) {
    const auto net = make_network(parse_layers(text, in, 5));
    initialize(*net, "default", 1, 0);
    for (const bool training : {false, true}) {
      net->train(training);
      const torch::Tensor x = torch::randn({3, 2, 8, 8}).contiguous(at::MemoryFormat::ChannelsLast);
      const torch::Tensor before = x.clone();
      net->forward(x).square().sum();
      EXPECT_TRUE(torch::equal(x, before)) << text;
      torch::Tensor y = net->forward(x.clone().requires_grad_());
      EXPECT_NO_THROW(y.square().sum().backward()) << text;
      for (const auto& item : net->named_parameters())
        EXPECT_TRUE(item.value().grad().defined()) << text << ": " << item.key();
    }
  }
}

TEST(LayersOfLibtorch, CausalLayersDoNotLookAhead) {
  torch::manual_seed(1);
  for (const std::string text :
       {"attention 2 causal", "transformer 2 causal", "transformer 2 causal post-norm",
        "positions learned, transformer 2 causal", "lstm 4, gru 4, rnn 4"}) {
    const auto net = network(text, Shape::sequence(6, 4));
    const torch::NoGradGuard no_gradients;
    const torch::Tensor x = torch::randn({2, 6, 4});
    torch::Tensor later = x.clone();
    later.slice(1, 3).normal_();
    const torch::Tensor a = net->forward(x), b = net->forward(later);
    EXPECT_TRUE(torch::equal(a.slice(1, 0, 3), b.slice(1, 0, 3))) << text;
    EXPECT_FALSE(torch::allclose(a.slice(1, 3), b.slice(1, 3))) << text;
  }
  const auto sees_all = network("attention 2", Shape::sequence(6, 4));
  torch::Tensor x = torch::randn({1, 6, 4}), later = x.clone();
  later.slice(1, 3).normal_();
  EXPECT_FALSE(torch::allclose(sees_all->forward(x)[0][0], sees_all->forward(later)[0][0]));
}

TEST(LayersOfLibtorch, ASparseRowIsReadAsItsDenseOne) {
  torch::manual_seed(2);
  const auto sparse = network("sparse-linear 3", Shape::sparse(8));
  const auto dense = network("linear 3", Shape::features(8));
  const torch::Tensor x = torch::zeros({4, 8});
  for (const auto& [row, column] : std::vector<std::pair<int, int>>{{0, 1}, {0, 5}, {2, 5}, {3, 0}})
    x[row][column] = 1.5 + row - column;  // row 1 is empty
  {
    const torch::NoGradGuard no_gradients;
    dense->parameters()[0].copy_(sparse->parameters()[0].t());
    dense->parameters()[1].copy_(sparse->parameters()[1]);
  }
  const torch::Tensor y = sparse->forward(x.to_sparse_csr()), wanted = dense->forward(x);
  EXPECT_TRUE(torch::allclose(y, wanted, 1e-5, 1e-6));
  y.square().sum().backward();
  wanted.square().sum().backward();
  const torch::Tensor gradient = sparse->parameters()[0].grad();
  ASSERT_TRUE(gradient.is_sparse());
  std::set<std::int64_t> touched;
  const torch::Tensor rows = gradient.coalesce().indices()[0];
  for (std::int64_t i = 0; i < rows.numel(); ++i) touched.insert(rows[i].item<std::int64_t>());
  EXPECT_EQ(touched, (std::set<std::int64_t>{0, 1, 5}));
  EXPECT_TRUE(torch::allclose(gradient.to_dense(), dense->parameters()[0].grad().t(), 1e-5, 1e-6));
  EXPECT_TRUE(torch::allclose(sparse->parameters()[1].grad(), dense->parameters()[1].grad(), 1e-5, 1e-6));
}

TEST(LayersOfLibtorch, EachColumnOfCategoriesHasATableOfItsOwn) {
  const auto net = network("embed-columns 2", Shape::table({3, 0, 2, 0}));
  const torch::Tensor table = net->parameters()[0];
  ASSERT_EQ(table.sizes().vec(), (std::vector<std::int64_t>{5, 2}));
  const torch::Tensor x = torch::tensor({{2.0, 0.5, 1.0, -0.5}, {0.0, 7.0, 0.0, 8.0}});
  const torch::Tensor y = net->forward(x);
  EXPECT_TRUE(torch::equal(y[0], torch::cat({torch::tensor({0.5, -0.5}), table[2], table[4]})));
  EXPECT_TRUE(torch::equal(y[1], torch::cat({torch::tensor({7.0, 8.0}), table[0], table[3]})));
}

TEST(LayersOfLibtorch, SinusoidalPositionsAreThePapers) {
  const auto net = network("positions sinusoidal", Shape::sequence(5, 6));
  const torch::Tensor y = net->forward(torch::zeros({1, 5, 6}))[0];
  for (int t = 0; t < 5; ++t)
    for (int i = 0; i < 3; ++i) {
      const double angle = t / std::pow(10000.0, 2 * i / 6.0);
      EXPECT_NEAR(y[t][2 * i].item<double>(), std::sin(angle), 1e-6);
      EXPECT_NEAR(y[t][2 * i + 1].item<double>(), std::cos(angle), 1e-6);
    }
  // A shorter text has the first positions.
  EXPECT_TRUE(torch::equal(net->forward(torch::zeros({1, 2, 6}))[0], y.slice(0, 0, 2)));
}

TEST(LayersOfLibtorch, DropoutOfATransformerActsInTrainingAlone) {
  torch::manual_seed(3);
  for (const std::string text : {"transformer 2 dropout 0.5", "attention 2 dropout 0.5"}) {
    const auto net = network(text, Shape::sequence(6, 4));
    const torch::Tensor x = torch::randn({2, 6, 4});
    EXPECT_FALSE(torch::equal(net->forward(x), net->forward(x)));
    net->eval();
    EXPECT_TRUE(torch::equal(net->forward(x), net->forward(x)));
  }
}

TEST(LayersOfLibtorch, RolesAreThoseThatTheLayersDeclare) {
  const std::string text =
      "embedding 4, positions learned, transformer 2, residual ( lstm 4 ), attention 2, last, linear 3";
  const auto list = parse_layers(text, Shape::tokens(6, 9));
  const auto net = make_network(list);
  const auto listed = parameters_of(list);
  const auto there = roles(*net);
  ASSERT_EQ(listed.size(), there.size());
  std::map<std::string, std::string> named;
  for (std::size_t i = 0; i < listed.size(); ++i) {
    EXPECT_TRUE(there[i].parameter.is_same(net->parameters()[i])) << listed[i].name;
    EXPECT_EQ(there[i].parameter.sizes().vec(), listed[i].shape) << listed[i].name;
    EXPECT_EQ(there[i].role, listed[i].role) << listed[i].name;
    named[there[i].name] = name_of(there[i].role);
  }
  EXPECT_EQ(named["embedding0_weight"], "embedding");
  EXPECT_EQ(named["positions1_weight"], "embedding");
  EXPECT_EQ(named["transformer2_in_weight"], "matrix");
  EXPECT_EQ(named["transformer2_norm1_weight"], "norm");
  EXPECT_EQ(named["lstm4_weight_hh"], "matrix");
  EXPECT_EQ(named["lstm4_bias_hh"], "bias");
  EXPECT_EQ(named["attention5_out_weight"], "matrix");
  EXPECT_EQ(named["linear7_weight"], "head");
}

// A standard deviation over n values has an error of 1 / sqrt(2 n); five of these.
void expect_sd(const torch::Tensor& w, double sd) {
  EXPECT_NEAR(w.std().item<double>(), sd, 5 * sd / std::sqrt(2.0 * static_cast<double>(w.numel())));
}

TEST(Initialize, IsPyTorchsForEachKindAndEmbeddingsKeepTheirOwn) {
  const std::string text = "embedding 64, lstm 32, attention 2, transformer 2 sd 0.02 scaled 8";
  const auto net = make_network(parse_layers(text, Shape::tokens(5, 50)));
  initialize(*net, "default", 1, 0);
  const auto of = [&](const std::string& name) { return net->named_parameters()[name].detach(); };
  expect_sd(of("embedding0_weight"), 1);
  const double bound = 1 / std::sqrt(32.0);  // of a uniform number, whose deviation is bound / sqrt 3
  for (const char* name : {"weight_ih", "weight_hh", "bias_ih", "bias_hh"}) {
    expect_sd(of(std::string("lstm1_") + name), bound / std::sqrt(3.0));
    EXPECT_LE(of(std::string("lstm1_") + name).abs().max().item<double>(), bound);
  }
  expect_sd(of("attention2_in_weight"), std::sqrt(2.0 / (4 * 32)));
  expect_sd(of("attention2_out_weight"), bound / std::sqrt(3.0));
  EXPECT_EQ(of("attention2_in_bias").abs().max().item<double>(), 0);
  expect_sd(of("transformer3_in_weight"), 0.02);
  expect_sd(of("transformer3_down_weight"), 0.02 / 4);
  expect_sd(of("transformer3_out_weight"), 0.02 / 4);
  EXPECT_EQ(of("transformer3_up_bias").abs().max().item<double>(), 0);

  initialize(*net, "orthogonal", 1, 0);
  expect_sd(of("embedding0_weight"), 1);
  // Each gate is orthogonal by itself.
  for (const torch::Tensor& gate : of("lstm1_weight_hh").chunk(4))
    EXPECT_TRUE(torch::allclose(torch::matmul(gate, gate.t()), torch::eye(32), 1e-4, 1e-5));
}

TEST(Initialize, ASparseLayersWeightHasAColumnForEachOutput) {
  const auto net = make_network(parse_layers("sparse-linear 4", Shape::sparse(9)));
  initialize(*net, "orthogonal", 1, 0);
  const torch::Tensor w = net->parameters()[0].detach();
  EXPECT_TRUE(torch::allclose(torch::matmul(w.t(), w), torch::eye(4), 1e-4, 1e-5));
}

}  // namespace
}  // namespace basin::nn
