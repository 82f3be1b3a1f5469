// Optimizers with parameters on a GPU, compared with the same on the CPU.
#include "tests/optim/gpu.hpp"

#include <sstream>
#include <thread>

#include "basin/optim/optim.hpp"
#include "tests/optim/problem.hpp"

namespace basin::optim {
namespace {

using torch::Tensor;

TEST_F(OnGpu, ANetworkTrainsAsOnTheCpu) {
  for (const RuleInfo& info : catalogue()) {
    const auto chain = kernels::Chain::parse("clip_global_norm:1+" + info.name);
    Problem here, there(torch::kFloat64, torch::kCUDA);
    Optimizer on_cpu(here.parameters(), chain), on_gpu(there.parameters(), chain);
    train(here, on_cpu, 20);
    train(there, on_gpu, 20);
    EXPECT_LE(difference(here, there), 1e-9) << info.name;
  }
}

// Weights and a gradient on both devices, with any layout.
struct Pair {
  explicit Pair(const Tensor& weights) : here(weights.clone()), there(weights.to(torch::kCUDA)) {
    here.requires_grad_(), there.requires_grad_();
  }
  void step(Optimizer& on_cpu, Optimizer& on_gpu, int steps) {
    for (int t = 1; t <= steps; ++t) {
      const Tensor g = torch::sin(torch::arange(here.numel(), torch::kFloat32) * t + 1)
                           .reshape(here.sizes())
                           .to(here.scalar_type());
      here.mutable_grad() = g.clone();
      there.mutable_grad() = g.to(torch::kCUDA);
      on_cpu.step(), on_gpu.step();
    }
  }
  double apart() const { return (here - there.cpu()).abs().max().item<double>(); }
  Tensor here, there;
};

TEST_F(OnGpu, AnyLayoutOfTheWeightsHasTheBitsOfTheCpu) {
  torch::manual_seed(1);
  const Tensor image = torch::rand({4, 3, 5, 5});
  for (const Tensor& weights :
       {image, image.contiguous(at::MemoryFormat::ChannelsLast), image.transpose(0, 1), torch::rand({0, 3}),
        torch::rand({}), torch::rand({7})})
    for (const char* chain : {"clip_value:0.5+adamw", "noise+adamw", "agc+adamw"}) {
      Pair pair(weights);
      Optimizer on_cpu(std::vector{pair.here}, kernels::Chain::parse(chain)),
          on_gpu(std::vector{pair.there}, kernels::Chain::parse(chain));
      pair.step(on_cpu, on_gpu, 5);
      if (weights.numel() == 0) continue;
      EXPECT_LE(pair.apart(), chain[0] == 'c' ? 0 : 1e-6) << chain << weights.sizes() << weights.strides();
    }
}

// The same kernel with other scalars.
TEST_F(OnGpu, GroupsHaveKnobsOfTheirOwn) {
  const Tensor x = torch::ones({100}, torch::kCUDA).requires_grad_(),
               y = torch::ones({100}, torch::kCUDA).requires_grad_();
  std::vector<torch::optim::OptimizerParamGroup> groups;
  groups.push_back(group({x}, rules::Sgd{.lr = 0.5}));
  groups.push_back(group({y}, rules::Sgd{.lr = 0.25}));
  Optimizer optimizer(std::move(groups), kernels::Chain::parse("sgd"));
  x.mutable_grad() = torch::ones_like(x);
  y.mutable_grad() = torch::ones_like(y);
  optimizer.step();
  EXPECT_TRUE((x == 0.5).all().item<bool>());
  EXPECT_TRUE((y == 0.75).all().item<bool>());
}

TEST_F(OnGpu, BFloat16IsThatOfTheCpuUpToItsRounding) {
  Pair pair(torch::rand({300}).to(torch::kBFloat16));
  Optimizer on_cpu(std::vector{pair.here}, kernels::Chain::parse("adamw")),
      on_gpu(std::vector{pair.there}, kernels::Chain::parse("adamw"));
  pair.step(on_cpu, on_gpu, 10);
  EXPECT_LE(pair.apart(), 0.02);
}

TEST_F(OnGpu, ASavedStateGoesOnWithTheSameBits) {
  Problem whole(torch::kFloat32, torch::kCUDA), resumed(torch::kFloat32, torch::kCUDA);
  const auto chain = kernels::Chain::parse("adamw");
  Optimizer first(whole.parameters(), chain), other(resumed.parameters(), chain);
  train(whole, first, 5);
  std::stringstream weights, state;
  torch::save(whole.net, weights);
  torch::save(first, state);
  torch::load(resumed.net, weights);
  torch::load(other, state);
  train(whole, first, 5);
  train(resumed, other, 5);
  EXPECT_EQ(difference(whole, resumed), 0);
}

TEST_F(OnGpu, AMeanOfTheWeightsIsThatOfTheCpu) {
  Problem here, there(torch::kFloat64, torch::kCUDA);
  const auto chain = kernels::Chain::parse("adamw");
  Optimizer on_cpu(here.parameters(), chain), on_gpu(there.parameters(), chain);
  WeightAverage mean_here(here.parameters(), {.decay = 0.9}), mean_there(there.parameters(), {.decay = 0.9});
  for (int i = 0; i < 5; ++i) {
    on_cpu.zero_grad(), on_gpu.zero_grad();
    here.loss().backward(), there.loss().backward();
    mean_here.step(on_cpu), mean_there.step(on_gpu);
  }
  mean_here.swap(), mean_there.swap();
  EXPECT_LE(difference(here, there), 1e-12);
}

// The moments of such gradients are subnormal in float, and flushed on both.
TEST_F(OnGpu, FlushesSubnormalNumbersAsTheCpuDoes) {
  Pair pair(torch::rand({300}) * 1e-15);
  const auto chain = kernels::Chain::parse("adamw:eps=1e-30");
  Optimizer on_cpu(std::vector{pair.here}, chain), on_gpu(std::vector{pair.there}, chain);
  for (int t = 1; t <= 5; ++t) {
    pair.here.mutable_grad() = torch::full({300}, 1e-22f);
    pair.there.mutable_grad() = torch::full({300}, 1e-22f, torch::kCUDA);
    on_cpu.step(), on_gpu.step();
  }
  EXPECT_EQ(pair.apart(), 0);
}

TEST_F(OnGpu, AThreadThatHasNotUsedCudaYetTakesAStep) {
  Pair pair(torch::rand({300}));
  const auto chain = kernels::Chain::parse("adamw");
  Optimizer on_cpu(std::vector{pair.here}, chain), on_gpu(std::vector{pair.there}, chain);
  pair.step(on_cpu, on_gpu, 2);
  std::thread([&] { on_gpu.step(); }).join();
  on_cpu.step();
  EXPECT_EQ(pair.apart(), 0);
}

TEST_F(OnGpu, RefusesWhatIsOfTheCpuAlone) {
  const Tensor x = torch::ones({100}, torch::kCUDA).requires_grad_();
  x.mutable_grad() = torch::ones_like(x);
  Optimizer optimizer(std::vector{x}, kernels::Chain::parse("adamw@8bit"));
  EXPECT_EQ(refusal([&] { optimizer.step(); }),
            "adamw: parameter 0 is on cuda:0; slots in 8bit are for the CPU");
}

}  // namespace
}  // namespace basin::optim
