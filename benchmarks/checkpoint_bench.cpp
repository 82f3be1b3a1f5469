// Question  What does a checkpoint of fmnist-cnn with Adam cost, and how much of it is the disk?
// Command   make bench, or build/release/bin/checkpoint_bench
// Reads     `save` is what training waits for, every 30 seconds; `encode` is its part before the disk;
//           `one_flushed_file` writes as many bytes with core/whole_file.hpp: the minimum for a durable
//           checkpoint. `load` reads it back and checks it
#include <benchmark/benchmark.h>
#include <torch/torch.h>
#include <unistd.h>

#include <filesystem>

#include "basin/core/whole_file.hpp"
#include "basin/problems/fmnist_cnn.hpp"
#include "basin/rules/adam.hpp"
#include "basin/storage/generations.hpp"
#include "basin/train/checkpoint.hpp"
#include "basin/train/generator.hpp"

namespace {

using namespace basin;
namespace fs = std::filesystem;

// A run in progress: the optimizer has its slots, and there is a best epoch.
struct Run {
  Run() {
    at::set_num_threads(1);
    for (torch::Tensor& parameter : network->parameters())
      parameter.mutable_grad() = torch::rand_like(parameter);
    optimizer.step();
    best = train::snapshot(*network);
  }
  ~Run() { fs::remove_all(folder); }
  train::Checkpoint checkpoint() {
    return {.machine = train::this_machine(),
            .optimizer = named_state(optimizer, network->named_parameters()),
            .weights = train::views(*network),
            .best = best};
  }
  fs::path folder = fs::current_path() / ("checkpoint_bench_" + std::to_string(::getpid()));
  std::shared_ptr<nn::Network> network = nn::make_network(nn::parse_layers(fmnist_cnn().layers, {28, 28, 1}));
  optim::Of<rules::Adam> optimizer{network->parameters()};
  train::Weights best;
};

void encode(benchmark::State& state) {
  Run run;
  std::size_t bytes = 0;
  for (auto _ : state) bytes = encode(run.checkpoint()).tensors.size();
  state.counters["megabytes"] = 1e-6 * static_cast<double>(bytes);
}
BENCHMARK(encode)->Unit(benchmark::kMillisecond);

void save(benchmark::State& state) {
  Run run;
  storage::Generations generations(run.folder);
  for (auto _ : state) {
    const train::EncodedCheckpoint encoded = encode(run.checkpoint());
    generations.save(encoded.state, encoded.tensors);
  }
}
BENCHMARK(save)->Unit(benchmark::kMillisecond)->UseRealTime();

void one_flushed_file(benchmark::State& state) {
  Run run;
  fs::create_directories(run.folder);
  const train::EncodedCheckpoint encoded = encode(run.checkpoint());
  for (auto _ : state) write_atomically(run.folder / "file", encoded.tensors);
}
BENCHMARK(one_flushed_file)->Unit(benchmark::kMillisecond)->UseRealTime();

void load(benchmark::State& state) {
  Run run;
  storage::Generations generations(run.folder);
  const train::EncodedCheckpoint encoded = encode(run.checkpoint());
  generations.save(encoded.state, encoded.tensors);
  std::vector<std::string> damages;
  for (auto _ : state) {
    const auto found = generations.load(damages);
    benchmark::DoNotOptimize(train::decode(found->state, found->tensors));
  }
}
BENCHMARK(load)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace

BENCHMARK_MAIN();
