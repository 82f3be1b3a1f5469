// A user's own problem, compared by basin: which of two spirals does a point belong to?
//
//   cmake --build build/release --target own_problem
//   build/release/bin/basin compare own-spirals --worker build/release/bin/own_problem --optimizers sgd,adam
#include <torch/torch.h>

#include <cmath>
#include <numbers>

#include "basin/core/philox.hpp"
#include "basin/worker/worker.hpp"

namespace {

// Points on two interleaved spirals, with noise; the part's name keeps training and test points apart.
basin::train::Batch points(std::int64_t count, basin::Stream random) {
  torch::Tensor inputs = torch::empty({count, 2}), targets = torch::empty({count}, torch::kInt64);
  for (std::int64_t i = 0; i < count; ++i) {
    const double along = 3.5 * std::sqrt(random.uniform()), spiral = static_cast<double>(i % 2);
    const double angle = along * 2 + spiral * std::numbers::pi, noise = 0.1 * (random.uniform() - 0.5);
    inputs[i][0] = (along + noise) * std::cos(angle);
    inputs[i][1] = (along + noise) * std::sin(angle);
    targets[i] = i % 2;
  }
  return {inputs, targets};
}

std::unique_ptr<basin::train::Examples> spirals(std::uint64_t seed, std::uint64_t replicate,
                                                std::int64_t train_size) {
  const auto draw = [&](std::int64_t count, const char* part) {
    return points(count, basin::Stream(seed, replicate, part));
  };
  return basin::train::tensor_examples(draw(train_size ? train_size : 2000, "train"), draw(500, "validation"),
                                       draw(500, "test"));
}

}  // namespace

int main(int argc, char** argv) {
  return basin::worker_main(argc, argv,
                            {{{.name = "own-spirals",
                               .summary = "Two interleaved spirals in the plane",
                               .layers = "linear 64, tanh, linear 64, tanh, linear 2",
                               .target = 0.95,
                               .epochs = 20,
                               .images_per_second = 100000},
                              spirals}});
}
