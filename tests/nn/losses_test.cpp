// Losses against PyTorch's, the targets that they draw, and what they refuse.
#include "basin/nn/losses/losses.hpp"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <fstream>
#include <set>
#include <sstream>

#include "tests/paths.hpp"
#include "tests/refusal.hpp"

namespace basin::nn {
namespace {

using losses::Loss;

template <class T>
std::vector<T> numbers(const std::string& text) {
  std::istringstream in(text);
  return {std::istream_iterator<T>(in), {}};
}

torch::Tensor tensor(const std::string& shape, const std::string& text) {
  return torch::tensor(numbers<double>(text), torch::kFloat64).reshape(numbers<std::int64_t>(shape));
}

TEST(Losses, EqualPyTorchsWithTheirGradients) {
  std::ifstream file(std::string(paths::golden) + "/losses.csv");
  std::set<std::string> seen;
  for (std::string line; std::getline(file, line);) {
    std::istringstream in(line);
    std::array<std::string, 8> cell;
    for (std::string& text : cell) std::getline(in, text, ';');
    const Loss loss = Loss::parse(cell[0]);
    torch::Tensor outputs = tensor(cell[1], cell[2]).requires_grad_(true), targets = tensor(cell[3], cell[5]);
    if (cell[4] == "classes") targets = targets.to(torch::kInt64);
    const torch::Tensor mean = mean_loss(loss, outputs, targets);
    mean.backward();
    // Some ten terms, each rounded to 1e-16.
    EXPECT_NEAR(mean.item<double>(), std::stod(cell[6]), 1e-14) << cell[0] << ", outputs " << cell[1];
    EXPECT_TRUE(torch::allclose(outputs.grad(), tensor(cell[1], cell[7]), 1e-13, 1e-15))
        << cell[0] << ", outputs " << cell[1];
    seen.insert(loss.name);
  }
  for (const losses::Info& info : losses::loss_infos())
    EXPECT_TRUE(seen.contains(std::string(info.name))) << info.name;
}

// What was drawn is what the loss takes, for all shapes of outputs.
TEST(Losses, TakeTheTargetsThatTheyDraw) {
  torch::manual_seed(1);
  for (const char* text : {"cross_entropy", "mse", "mae", "huber 0.5", "hinge", "binary_cross_entropy"})
    for (const std::vector<std::int64_t>& shape :
         std::vector<std::vector<std::int64_t>>{{6, 3}, {2, 4, 3}, {6, 1}}) {
      const torch::Tensor outputs = torch::randn(shape, torch::requires_grad());
      const torch::Tensor drawn = draw_targets(Loss::parse(text), outputs);
      EXPECT_FALSE(drawn.requires_grad());
      mean_loss(Loss::parse(text), outputs, drawn).backward();
      EXPECT_TRUE(outputs.grad().isfinite().all().item<bool>()) << text;
    }
}

// The mean, the mean distance and the mean square equal those of the density e^(-loss of an example), which a
// sum over a grid gives.
TEST(Losses, DrawTargetsFromTheDensityThatTheyAre) {
  torch::manual_seed(2);
  constexpr std::int64_t examples = 200'000, each = 2;
  for (const char* text : {"mse", "mae", "huber 0.5", "huber 2"}) {
    const Loss loss = Loss::parse(text);
    const torch::Tensor outputs = torch::zeros({examples, each});
    const torch::Tensor drawn = draw_targets(loss, outputs).to(torch::kFloat64);
    double mass = 0, absolute = 0, square = 0;
    for (double d = -60; d < 60; d += 1e-2) {
      const double a = std::abs(d);
      const double term = loss.name == "mse"   ? d * d
                          : loss.name == "mae" ? a
                          : a <= loss.delta    ? d * d / 2
                                               : loss.delta * (a - loss.delta / 2);
      const double density = std::exp(-term / each);
      mass += density, absolute += density * a, square += density * d * d;
    }
    // Means of 400,000 draws: three standard errors are below 0.02 of each.
    EXPECT_NEAR(drawn.mean().item<double>() / std::sqrt(square / mass), 0, 0.01) << text;
    EXPECT_NEAR(drawn.abs().mean().item<double>() * mass / absolute, 1, 0.01) << text;
    EXPECT_NEAR(drawn.square().mean().item<double>() * mass / square, 1, 0.02) << text;
  }
}

TEST(Losses, DrawClassesAsOftenAsTheOutputsSay) {
  torch::manual_seed(3);
  const torch::Tensor logits = torch::tensor({0.0f, std::log(3.0f)}).expand({40'000, 2});
  EXPECT_NEAR(draw_targets(Loss::parse("cross_entropy"), logits).to(torch::kFloat32).mean().item<float>(),
              0.75, 0.01);
  const torch::Tensor logit = torch::full({40'000, 1}, std::log(3.0f));
  EXPECT_NEAR(
      draw_targets(Loss::parse("binary_cross_entropy"), logit).to(torch::kFloat32).mean().item<float>(), 0.75,
      0.01);
}

TEST(Losses, RefuseTargetsThatDoNotFit) {
  const auto refused = [](const char* text, const torch::Tensor& outputs, const torch::Tensor& targets) {
    return refusal([&] { mean_loss(Loss::parse(text), outputs, targets); });
  };
  const torch::Tensor outputs = torch::zeros({4, 3}), classes = torch::zeros({4}, torch::kInt64),
                      values = torch::zeros({4, 3});
  EXPECT_EQ(refused("cross_entropy", outputs, values), "loss cross_entropy: it takes classes, found values");
  EXPECT_EQ(refused("hinge", outputs, values), "loss hinge: it takes classes, found values");
  EXPECT_EQ(refused("mae", outputs, classes), "loss mae: it takes values, found classes");
  EXPECT_EQ(refused("mse", outputs, torch::zeros({4, 2})),
            "loss mse: 8 values do not fit 12 outputs; wanted a value for each output");
  EXPECT_EQ(refused("binary_cross_entropy", outputs, classes),
            "loss binary_cross_entropy: 4 values do not fit 12 outputs; wanted a value for each output");
  EXPECT_EQ(refused("cross_entropy", outputs, torch::zeros({5}, torch::kInt64)),
            "loss cross_entropy: 12 outputs do not fit 5 classes; wanted the same number of outputs for each "
            "class");
  EXPECT_EQ(refused("cross_entropy weights 1 2", outputs, classes),
            "loss cross_entropy weights 1 2: 2 weights do not fit 3 classes");
  EXPECT_EQ(refused("cross_entropy balanced", outputs, classes),
            "loss cross_entropy balanced: the weights of its classes are not computed yet");
  EXPECT_EQ(refused("binary_cross_entropy weights 1 2", outputs, values),
            "loss binary_cross_entropy weights 1 2: its weights need classes, found values");
  EXPECT_EQ(refusal([&] { mean_loss({.name = "hubr"}, outputs, values); }),
            "unknown loss 'hubr'; did you mean 'huber'?");
}

}  // namespace
}  // namespace basin::nn
