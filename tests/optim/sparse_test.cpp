// Gradients that are sparse in the first dimension, as an embedding produces them.
#include "basin/optim/optim.hpp"
#include "tests/optim/problem.hpp"

namespace basin::optim {
namespace {

using torch::Tensor;

struct Table {
  Tensor rows = torch::linspace(-1, 1, 60, torch::kFloat64).reshape({20, 3}).clone().requires_grad_();

  // Step t touches rows t, t + 1, t + 7 and t + 1 again.
  Tensor gradient(int t) const {
    const Tensor indices = torch::tensor({t, t + 1, t + 7, t + 1}).remainder(20).unsqueeze(0);
    const Tensor values = torch::sin(torch::arange(12, torch::kFloat64) + t).reshape({4, 3});
    return torch::sparse_coo_tensor(indices, values, {20, 3});
  }
  void train(Optimizer& optimizer, int steps, bool sparse) {
    for (int t = 0; t < steps; ++t) {
      rows.mutable_grad() = sparse ? gradient(t) : gradient(t).to_dense();
      optimizer.step();
    }
  }
};

// Compared with libtorch: rows far apart, present up to five times, in no order; then fewer, in the same
// memory.
TEST(SparseRows, AreThoseOfCoalesce) {
  RowSums sums;
  for (const auto& [type, count] : {std::pair{torch::kFloat32, 3000},
                                    {torch::kFloat64, 500},
                                    {torch::kFloat64, 0},
                                    {torch::kBFloat16, 40}}) {
    torch::manual_seed(count);
    const std::int64_t height = 5'000'000'000;
    const Tensor rows = torch::randint(height, {1, std::max(1, count / 3)}, torch::kInt64)
                            .index({torch::indexing::Slice(),
                                    torch::randint(std::max(1, count / 3), {count}, torch::kInt64)});
    const Tensor gradient =
        torch::sparse_coo_tensor(rows, torch::randn({count, 2, 3}).to(type), {height, 2, 3});
    const auto [indices, values] = sums(gradient);
    const Tensor wanted = gradient.coalesce();
    ASSERT_TRUE(torch::equal(indices, wanted.indices()[0])) << type;
    const Tensor found = values.flatten().narrow(0, 0, wanted.values().numel());
    EXPECT_TRUE(torch::allclose(found, wanted.values().flatten(), 1e-6, 1e-6)) << type;
  }
}

// For rules that leave a weight without a gradient unchanged; FTRL discards a weight's start when it is first
// touched.
TEST(SparseGradient, GivesWhatTheDenseOneGives) {
  for (const char* text :
       {"sgd", "adagrad", "ftrl", "ftrl:beta=1", "clip_global_norm:0.5+sgd", "clip_value:0.1+adagrad"}) {
    Table sparse, dense;
    Optimizer by_rows(std::vector<Tensor>{sparse.rows}, kernels::Chain::parse(text));
    Optimizer whole(std::vector<Tensor>{dense.rows}, kernels::Chain::parse(text));
    sparse.train(by_rows, 30, true);
    dense.train(whole, 30, false);
    // A sum of squares over other blocks rounds differently.
    EXPECT_LT((sparse.rows - dense.rows).abs().max().item<double>(), 1e-14) << text;
    EXPECT_FALSE(torch::equal(sparse.rows, Table().rows)) << text;
  }
}

// One step at a time by hand, on the touched rows, counting the steps of the parameter.
TEST(SparseGradient, SparseAdamIsAdamOnTheRowsThatAreTouched) {
  Table table;
  Of<rules::SparseAdam> optimizer({table.rows}, {.lr = 0.1, .eps = 1e-3});
  Tensor x = table.rows.detach().clone(), m = torch::zeros_like(x), v = torch::zeros_like(x);
  for (int t = 1; t <= 30; ++t) {
    const Tensor g = table.gradient(t - 1).to_dense();
    const Tensor touched = (g != 0).any(1, true).to(torch::kFloat64);
    m = torch::where(touched > 0, 0.9 * m + 0.1 * g, m);
    v = torch::where(touched > 0, 0.999 * v + 0.001 * g * g, v);
    const double size = 0.1 * std::sqrt(1 - std::pow(0.999, t)) / (1 - std::pow(0.9, t));
    x = x - touched * size * m / (v.sqrt() + 1e-3);
  }
  table.train(optimizer, 30, true);
  EXPECT_LT((table.rows - x).abs().max().item<double>(), 1e-12);
}

TEST(SparseGradient, RowsThatAreNotTouchedStayBitForBit) {
  Table table;
  Optimizer optimizer(std::vector<Tensor>{table.rows}, kernels::Chain::parse("rmsprop"));
  table.train(optimizer, 1, true);  // rows 0, 1 and 7
  const Tensor before = Table().rows;
  for (const int row : {2, 6, 8, 19}) EXPECT_TRUE(torch::equal(table.rows[row], before[row])) << row;
  for (const int row : {0, 1, 7}) EXPECT_FALSE(torch::equal(table.rows[row], before[row])) << row;
}

// The same steps as on a table of only the touched rows: rows decay only when they are touched.
TEST(SparseGradient, OnlyRowsThatAreTouchedDecay) {
  for (const char* text : {"sgd:weight_decay=0.1", "adagrad:weight_decay=0.1", "rmsprop:weight_decay=0.1",
                           "ftrl:l1=0.1:l2=0.1", "sparse_adam+decay:0.1", "l2:0.1+sparse_adam"}) {
    Table table;
    Optimizer by_rows(std::vector<Tensor>{table.rows}, kernels::Chain::parse(text));
    const Tensor indices = torch::tensor({2, 5, 6}), few = table.rows.detach().index({indices}).clone();
    Optimizer alone(std::vector<Tensor>{few}, kernels::Chain::parse(text));
    for (int t = 0; t < 10; ++t) {
      const Tensor values = torch::sin(torch::arange(9, torch::kFloat64) + t).reshape({3, 3});
      table.rows.mutable_grad() = torch::sparse_coo_tensor(indices.unsqueeze(0), values, {20, 3});
      few.mutable_grad() = values;
      by_rows.step();
      alone.step();
    }
    EXPECT_TRUE(torch::equal(table.rows.detach().index({indices}), few)) << text;
    const Tensor others = torch::tensor({0, 1, 3, 4, 7, 19});
    EXPECT_TRUE(torch::equal(table.rows.index({others}), Table().rows.index({others}))) << text;
  }
}

TEST(SparseGradient, WorksBehindAnEmbeddingAndInSixteenBits) {
  torch::manual_seed(1);
  torch::nn::Embedding embedding(torch::nn::EmbeddingOptions(50, 8).sparse(true));
  embedding->to(torch::kBFloat16);
  Optimizer optimizer(embedding->parameters(), kernels::Chain::parse("sparse_adam"));
  optimizer.param_groups()[0].options().set_lr(0.1);  // bfloat16 has no smaller steps
  const Tensor before = embedding->weight.detach().clone(), words = torch::tensor({3, 17, 3});
  optimizer.zero_grad();
  embedding->forward(words).to(torch::kFloat32).pow(2).sum().backward();
  optimizer.step();
  const Tensor moved = (embedding->weight != before).any(1);
  EXPECT_TRUE(moved[3].item<bool>() && moved[17].item<bool>());
  EXPECT_EQ(moved.sum().item<int>(), 2);
}

TEST(SparseGradient, AGradientWithoutRowsIsAStep) {
  const Tensor rows = torch::ones({4, 2}, torch::requires_grad());
  Of<rules::SparseAdam> optimizer({rows});
  rows.mutable_grad() =
      torch::sparse_coo_tensor(torch::zeros({1, 0}, torch::kInt64), torch::zeros({0, 2}), {4, 2});
  optimizer.step();
  EXPECT_EQ(static_cast<const ParamState&>(*optimizer.state().begin()->second).step, 1);
  EXPECT_TRUE(torch::equal(rows, torch::ones({4, 2})));
}

TEST(SparseGradient, IsRefusedWhereItHasNoMeaning) {
  Table table;
  const auto refused = [&](const char* chain) {
    Optimizer optimizer(std::vector<Tensor>{table.rows}, kernels::Chain::parse(chain));
    return refusal([&] { table.train(optimizer, 1, true); });
  };
  EXPECT_EQ(refused("adam"),
            "adam: parameter 0 has a sparse gradient; sgd, adagrad, rmsprop, sparse_adam and ftrl take one");
  EXPECT_EQ(refused("centralize+sgd"),
            "sgd: parameter 0 has a sparse gradient; centralize needs a dense one");
  EXPECT_TRUE(torch::equal(table.rows, Table().rows));
}

}  // namespace
}  // namespace basin::optim
