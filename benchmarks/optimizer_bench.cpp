// Question  How close to memory speed is one optimizer step, and how much faster than torch::optim?
// Command   make bench, or benchmarks/optimizer_speed, which runs this program twice, with glibc's allocator
//           as it is and with one that keeps its memory, and prints the ratios against their targets
// Method    one step of float32 weights with given gradients; one thread unless stated. Repetitions of all
//           cases in random order, medians; yardsticks.hpp has the comparisons
// Table     docs/performance.md, "One optimizer step"
#include <benchmark/benchmark.h>
#include <torch/torch.h>

#include <cstdio>
#include <functional>
#include <map>
#include <numeric>

#include "basin/optim/average.hpp"
#include "benchmarks/yardsticks.hpp"

namespace basin::bench {
namespace {

// A network as the optimizer sees it: the sizes of its tensors.
struct Shape {
  std::string name;
  std::vector<std::int64_t> sizes;
  std::int64_t weights() const { return std::accumulate(sizes.begin(), sizes.end(), std::int64_t{0}); }
};
const Shape large{"25M", {25'000'000 / 32 * 32}};
const Shape small{"235k", {150'000, 256, 60'000, 128, 24'000, 64, 640, 58}};
const Shape scattered{"64x256", std::vector<std::int64_t>(64, 256)};
const Shape layers{"200x1000", std::vector<std::int64_t>(200, 1'000)};
const Shape dust{"10000x100", std::vector<std::int64_t>(10'000, 100)};

constexpr double rate = 1e-6;  // so small that no weight runs away, however many steps are taken

// One set per shape, so that all contenders use the same memory.
const std::vector<torch::Tensor>& parameters(const Shape& shape) {
  static std::map<std::string, std::vector<torch::Tensor>> made;
  auto& tensors = made[shape.name];
  for (std::size_t i = tensors.size(); i < shape.sizes.size(); ++i) {
    tensors.push_back(torch::randn({shape.sizes[i]}).requires_grad_());
    tensors.back().mutable_grad() = torch::randn({shape.sizes[i]});
  }
  return tensors;
}

// Times step(), after two calls that allocate and warm up what it needs.
void time(benchmark::State& state, const Shape& shape, const std::function<void()>& step) {
  step(), step();
  for (auto _ : state) step();
  state.counters["weights"] = static_cast<double>(shape.weights());
  state.counters["tensors"] = static_cast<double>(shape.sizes.size());
}

void add(const std::string& contender, const std::string& what, const Shape& shape, int threads,
         const std::function<void(benchmark::State&)>& run) {
  const std::string name = what + "/" + shape.name + "/" + contender;
  benchmark::RegisterBenchmark(name.c_str(), [run, threads](benchmark::State& state) {
    at::set_num_threads(threads);
    run(state);
    at::set_num_threads(1);
  })->UseRealTime();
}

void add_basin(const std::string& what, const Shape& shape, const std::string& chain, int threads = 1) {
  add(threads == 1 ? "basin" : "basin_2_threads", what, shape, threads, [=, &shape](benchmark::State& state) {
    auto parsed = kernels::Chain::parse(chain);
    parsed.rule.set("lr", rate);
    optim::Optimizer optimizer(parameters(shape), parsed);
    time(state, shape, [&] { optimizer.step(); });
  });
}

template <class Theirs, class Options>
void add_torch(const std::string& what, const Shape& shape, const Options& options, bool clipped = false) {
  add("torch", what, shape, 1, [=, &shape](benchmark::State& state) {
    Theirs optimizer(parameters(shape), options);
    time(state, shape, [&] {
      if (clipped)
        torch::nn::utils::clip_grad_norm_(parameters(shape), 1e6);  // never clips: the gradients stay
      optimizer.step();
    });
  });
}

// Clip, AdamW and a mean of the weights: in one pass, and as three separate operations.
constexpr double average_decay = 0.999;

void add_basin_averaged(const std::string& what, const Shape& shape) {
  add("basin", what, shape, 1, [=, &shape](benchmark::State& state) {
    auto chain = kernels::Chain::parse("clip_global_norm:1+adamw");
    chain.rule.set("lr", rate);
    optim::Optimizer optimizer(parameters(shape), chain);
    optim::WeightAverage average(parameters(shape), {.decay = average_decay});
    time(state, shape, [&] { average.step(optimizer); });
  });
}
void add_torch_averaged(const std::string& what, const Shape& shape) {
  add("torch", what, shape, 1, [=, &shape](benchmark::State& state) {
    torch::optim::AdamW optimizer(parameters(shape), torch::optim::AdamWOptions(rate));
    std::vector<torch::Tensor> means;
    for (const torch::Tensor& p : parameters(shape)) means.push_back(p.detach().clone());
    time(state, shape, [&] {
      torch::nn::utils::clip_grad_norm_(parameters(shape), 1e6);
      optimizer.step();
      const torch::NoGradGuard no_gradients;
      for (std::size_t i = 0; i < means.size(); ++i)  // as torch.optim.swa_utils does
        means[i].mul_(average_decay).add_(parameters(shape)[i], 1 - average_decay);
    });
  });
}

// The memory of a step, without libtorch's tensors around it.
struct Raw {
  float *x, *g, *m, *v, *mean;
  std::size_t size;
};
using RawStep = std::function<void(std::span<const Raw>)>;

void add_raw(const std::string& contender, const std::string& what, const Shape& shape, const RawStep& step,
             int threads = 1) {
  add(contender, what, shape, threads, [=, &shape](benchmark::State& state) {
    std::vector<Raw> raw;
    std::vector<torch::Tensor> slots;
    for (const torch::Tensor& p : parameters(shape)) {
      for (int slot = 0; slot < 3; ++slot) slots.push_back(torch::zeros_like(p));
      raw.push_back({p.data_ptr<float>(), p.grad().data_ptr<float>(), slots.end()[-3].data_ptr<float>(),
                     slots.end()[-2].data_ptr<float>(), slots.end()[-1].data_ptr<float>(),
                     static_cast<std::size_t>(p.numel())});
    }
    time(state, shape, [&] { step(raw); });
  });
}

void by_hand(std::span<const Raw> raw) {
  const AdamWScalars scalars(1000);
  for (const Raw& r : raw) adamw_by_hand(scalars, r.size, r.x, r.g, r.m, r.v);
}
void adamw_streams(std::span<const Raw> raw) {
  for (const Raw& r : raw) pass(r.size, r.g, r.x, r.m, r.v);
}
void momentum_streams(std::span<const Raw> raw) {
  for (const Raw& r : raw) pass(r.size, r.g, r.x, r.m);
}
void read_gradients(std::span<const Raw> raw) {
  float sum = 0;
  for (const Raw& r : raw) sum += read_pass(r.size, r.g);
  benchmark::DoNotOptimize(sum);
}
void clip_streams(std::span<const Raw> raw) {
  read_gradients(raw);
  adamw_streams(raw);
}
void average_streams(std::span<const Raw> raw) {
  read_gradients(raw);
  for (const Raw& r : raw) pass(r.size, r.g, r.x, r.m, r.v, r.mean);
}
// The streams of AdamW, half of them on each of two threads.
void adamw_streams_in_halves(std::span<const Raw> raw) {
  const Raw& r = raw.front();
  const std::size_t half = r.size / 2;
  at::parallel_for(0, 2, 1, [&](std::int64_t begin, std::int64_t end) {
    for (auto at = static_cast<std::size_t>(begin) * half; at < static_cast<std::size_t>(end) * half;
         at += half)
      pass(half, r.g + at, r.x + at, r.m + at, r.v + at);
  });
}

void add_cases() {
  for (const Shape* shape : {&large, &small, &scattered, &dust}) {
    add_basin("adamw", *shape, "adamw");
    add_torch<torch::optim::AdamW>("adamw", *shape, torch::optim::AdamWOptions(rate));
    add_raw("by_hand", "adamw", *shape, by_hand);
  }
  add_raw("streams", "adamw", large, adamw_streams);
  add_basin("adamw", large, "adamw", 2);
  add_raw("streams_2_threads", "adamw", large, adamw_streams_in_halves, 2);

  for (const char* rule : {"adamw", "sgd"})  // too small for a second thread, which must not start
    for (const int threads : {1, 2}) add_basin(rule, layers, rule, threads);

  add_basin("momentum", large, "momentum");
  add_torch<torch::optim::SGD>("momentum", large, torch::optim::SGDOptions(rate).momentum(0.9));
  add_raw("streams", "momentum", large, momentum_streams);

  add_basin("lion", large, "lion");
  for (const char* rule : {"adamw", "momentum", "lion"})  // packed slots
    for (const char* format : {"@bfloat16", "@8bit"}) {
      const std::string packed = std::string(rule) + format;
      add_basin(packed, large, packed);
    }

  add_basin("clip", large, "clip_global_norm:1+adamw");
  add_torch<torch::optim::AdamW>("clip", large, torch::optim::AdamWOptions(rate), true);
  add_raw("streams", "clip", large, clip_streams);

  add_basin_averaged("average", large);
  add_torch_averaged("average", large);
  add_raw("streams", "average", large, average_streams);
}

// Every rule, and chains of each kind: links that only scale, that run in cache, and that need sums.
void add_every_rule() {
  std::vector<std::string> chains;
  for (const RuleInfo& info : catalogue()) chains.push_back(info.name);
  for (const char* chain :
       {"clip_norm+adamw", "clip_value+adamw", "l2+l1+sgd", "centralize+adam", "agc+adam", "adam+decay",
        "adam+cautious+decay", "clip_global_norm+lamb", "noise+sgd", "skip_nonfinite+adamw"})
    chains.push_back(chain);
  for (const std::string& chain : chains)
    for (const Shape* shape : {&small, &large}) add_basin("every/" + chain, *shape, chain);
}

}  // namespace
}  // namespace basin::bench

int main(int argc, char** argv) {
  if (!basin::bench::machine_has_yardsticks()) {
    std::fprintf(stderr, "optimizer_bench: its yardsticks need AVX2 and FMA, which this machine lacks\n");
    return 1;
  }
  basin::bench::add_cases();
  basin::bench::add_every_rule();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  at::set_num_threads(1);
  benchmark::RunSpecifiedBenchmarks();
}
