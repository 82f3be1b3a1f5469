// Question  How long does a step take if the gradient has 1,000 of 1,000,000 rows, compared with a dense one
//           and with torch::optim?
// Command   make bench, or benchmarks/sparse_speed, which also runs Python's SparseAdam and prints the ratios
// Method    a table of 1,000,000 x 64 in float32, one thread. Sixty-four gradients in turn, each with its own
//           rows spread over the table, so that no cache holds them; coalesced, or as an embedding gives
//           them: every row twice, in no order. Repetitions of all cases in random order, medians; `rows` is
//           SGD on the rows in a plain loop, the minimum for a step
// Table     docs/performance.md, "Sparse gradients"
#include <benchmark/benchmark.h>
#include <torch/torch.h>

#include <functional>

#include "basin/optim/optimizer.hpp"

namespace basin::bench {
namespace {

constexpr std::int64_t all_rows = 1'000'000, columns = 64, touched = 1000, gradients = 64;
constexpr double rate = 1e-6;  // so small that no weight runs away, however many steps are taken

const torch::Tensor& table() {
  static const torch::Tensor weights = torch::randn({all_rows, columns}).requires_grad_();
  return weights;
}

torch::Tensor sparse_gradient(bool coalesced) {
  torch::Tensor rows = torch::randperm(all_rows, torch::kInt64).narrow(0, 0, touched).clone();
  if (!coalesced) rows = torch::cat({rows, rows}).index({torch::randperm(2 * touched)});
  const torch::Tensor values = torch::randn({rows.numel(), columns});
  const torch::Tensor out = torch::sparse_coo_tensor(rows.unsqueeze(0), values, {all_rows, columns});
  return coalesced ? out.coalesce() : out;
}

// Created once, so that all contenders get the same.
const std::vector<torch::Tensor>& sparse_gradients(bool coalesced) {
  static std::vector<torch::Tensor> made[2];
  for (auto& those = made[coalesced]; those.size() < gradients;) those.push_back(sparse_gradient(coalesced));
  return made[coalesced];
}

const std::vector<torch::Tensor>& dense_gradient() {
  static const std::vector<torch::Tensor> made{torch::randn({all_rows, columns})};
  return made;
}

// Times step() with each gradient in turn, after two steps that allocate and warm up what it needs.
void time(benchmark::State& state, const std::vector<torch::Tensor>& in_turn,
          const std::function<void()>& step) {
  std::size_t next = 0;
  const auto take = [&] {
    table().mutable_grad() = in_turn[next++ % in_turn.size()];
    step();
  };
  take(), take();
  for (auto _ : state) take();
  table().mutable_grad().reset();
}

using Gradients = std::function<const std::vector<torch::Tensor>&()>;

void add(const std::string& name, const Gradients& in_turn,
         const std::function<std::shared_ptr<torch::optim::Optimizer>()>& make) {
  benchmark::RegisterBenchmark(name.c_str(), [=](benchmark::State& state) {
    const auto optimizer = make();
    time(state, in_turn(), [&] { optimizer->step(); });
  });
}

const std::pair<std::string, Gradients> kinds[] = {
    {"coalesced", []() -> const auto& { return sparse_gradients(true); }},
    {"uncoalesced", []() -> const auto& { return sparse_gradients(false); }},
    {"dense", []() -> const auto& { return dense_gradient(); }}};

void add_basin(const std::string& rule) {
  for (const auto& [kind, in_turn] : kinds)
    add(rule + "/" + kind + "/basin", in_turn, [rule] {
      auto chain = kernels::Chain::parse(rule);
      chain.rule.set("lr", rate);
      return std::make_shared<optim::Optimizer>(std::vector<torch::Tensor>{table()}, chain);
    });
}

template <class Theirs, class Options>
void add_torch(const std::string& rule, const Options& options) {
  for (const auto& [kind, in_turn] : kinds)
    add(rule + "/" + kind + "/torch", in_turn,
        [options] { return std::make_shared<Theirs>(std::vector<torch::Tensor>{table()}, options); });
}

void rows(benchmark::State& state) {
  float* const weights = table().data_ptr<float>();
  time(state, sparse_gradients(true), [&] {
    const torch::Tensor& gradient = table().grad();
    const auto* const row = gradient.indices().data_ptr<std::int64_t>();
    const float* const slope = gradient.values().data_ptr<float>();
    for (std::int64_t i = 0; i < touched; ++i)
      for (std::int64_t c = 0; c < columns; ++c)
        weights[row[i] * columns + c] -= static_cast<float>(rate) * slope[i * columns + c];
  });
}

}  // namespace
}  // namespace basin::bench

int main(int argc, char** argv) {
  using namespace basin::bench;
  for (const char* rule : {"sgd", "adagrad", "rmsprop", "sparse_adam", "ftrl"}) add_basin(rule);
  add_torch<torch::optim::SGD>("sgd", torch::optim::SGDOptions(rate));
  add_torch<torch::optim::Adagrad>("adagrad", torch::optim::AdagradOptions(rate));
  benchmark::RegisterBenchmark("sgd/coalesced/rows", rows);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  at::set_num_threads(1);
  const torch::NoGradGuard no_gradients;
  benchmark::RunSpecifiedBenchmarks();
}
