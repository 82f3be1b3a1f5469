// Question  How long does an optimizer step take on a GPU, compared with torch::optim?
// Command   device_bench, on a machine with a GPU that libtorch sees; without one it says so and measures
//           nothing
// Method    one step of float32 weights with given gradients, from one synchronisation with the device to the
//           next. bytes per second counts what the step must move: weights and slots read and written,
//           gradients read
// Table     docs/performance.md, "On a GPU"
#include <benchmark/benchmark.h>
#include <torch/torch.h>

#include <chrono>
#include <functional>

#include "basin/optim/optim.hpp"

namespace basin::bench {
namespace {

struct Shape {
  const char* name;
  std::int64_t tensors, size;
};
constexpr Shape large{"100M", 1, 100'000'000}, network{"64x400k", 64, 400'000};

std::vector<torch::Tensor> parameters(const Shape& shape) {
  std::vector<torch::Tensor> out;
  for (std::int64_t i = 0; i < shape.tensors; ++i) {
    out.push_back(torch::randn({shape.size}, torch::kCUDA).requires_grad_());
    out.back().mutable_grad() = torch::randn({shape.size}, torch::kCUDA);
  }
  return out;
}

void time(benchmark::State& state, const Shape& shape, std::int64_t streams,
          const std::function<void()>& step) {
  for (int i = 0; i < 3; ++i) step();
  torch::cuda::synchronize();
  for (auto _ : state) {
    const auto begin = std::chrono::steady_clock::now();
    step();
    torch::cuda::synchronize();
    state.SetIterationTime(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  }
  using benchmark::Counter;
  state.counters["bytes"] = Counter(static_cast<double>(shape.tensors * shape.size * 4 * streams),
                                    Counter::kIsIterationInvariantRate, Counter::OneK::kIs1000);
}

using Run = std::function<void(benchmark::State&)>;
void add(const std::string& rule, const Shape& shape, const std::string& contender, const Run& run) {
  const std::string name = rule + "/" + shape.name + "/" + contender;
  benchmark::RegisterBenchmark(name.c_str(), run)->UseManualTime()->Unit(benchmark::kMicrosecond);
}

void add_basin(const std::string& rule, const Shape& shape) {
  add(rule, shape, "basin", [=](benchmark::State& state) {
    auto chain = kernels::Chain::parse(rule);
    chain.rule.set("lr", 1e-6);
    optim::Optimizer optimizer(parameters(shape), chain);
    const auto slots = static_cast<std::int64_t>(chain.rule.slot_count());
    time(state, shape, 3 + 2 * slots, [&] { optimizer.step(); });
  });
}

template <class Theirs, class Options>
void add_torch(const std::string& rule, const Shape& shape, std::int64_t slots, const Options& options,
               bool clipped = false) {
  add(rule, shape, "torch", [=](benchmark::State& state) {
    const std::vector<torch::Tensor> all = parameters(shape);
    Theirs optimizer(all, options);
    time(state, shape, 3 + 2 * slots, [&] {
      if (clipped) torch::nn::utils::clip_grad_norm_(all, 1e6);  // never clips: the gradients stay
      optimizer.step();
    });
  });
}

void add_all() {
  using namespace torch::optim;
  for (const Shape& shape : {large, network}) {
    for (const char* rule : {"sgd", "momentum", "adamw", "lion", "adam", "rmsprop",
                             "clip_global_norm:1e6+adamw", "agc+adamw", "lamb"})
      add_basin(rule, shape);
    add_torch<SGD>("sgd", shape, 0, SGDOptions(1e-6));
    add_torch<SGD>("momentum", shape, 1, SGDOptions(1e-6).momentum(0.9));
    add_torch<AdamW>("adamw", shape, 2, AdamWOptions(1e-6));
    add_torch<AdamW>("clip_global_norm:1e6+adamw", shape, 2, AdamWOptions(1e-6), true);
    add_torch<Adam>("adam", shape, 2, AdamOptions(1e-6));
    add_torch<RMSprop>("rmsprop", shape, 1, RMSpropOptions(1e-6));
  }
}

}  // namespace
}  // namespace basin::bench

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (!torch::cuda::is_available()) {
    std::cerr << "device_bench: libtorch sees no GPU on this machine\n";
    return 0;
  }
  const torch::NoGradGuard no_gradients;
  basin::bench::add_all();
  benchmark::RunSpecifiedBenchmarks();
}
