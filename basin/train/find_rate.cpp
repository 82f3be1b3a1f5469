#include "basin/train/find_rate.hpp"

#include <algorithm>

#include "basin/core/philox.hpp"
#include "basin/nn/module_roles.hpp"
#include "basin/optim/modes.hpp"
#include "basin/train/generator.hpp"
#include "basin/train/objective.hpp"
#include "basin/train/sparse_gradients.hpp"
#include "basin/train/weights.hpp"

namespace basin::train {
namespace {

// Restores a network and libtorch's generator.
class AsItWas {
 public:
  explicit AsItWas(nn::Network& network)
      : modes_(network),
        own_(views(network)),
        weights_(snapshot(network)),
        parameters_(network.parameters()) {
    for (torch::Tensor& parameter : parameters_)
      gradients_.push_back(std::exchange(parameter.mutable_grad(), {}));
  }
  AsItWas(const AsItWas&) = delete;
  ~AsItWas() {
    const torch::NoGradGuard no_gradients;
    for (std::size_t i = 0; i < own_.size(); ++i) own_[i].second.copy_(weights_[i].second);
    for (std::size_t i = 0; i < parameters_.size(); ++i)
      parameters_[i].mutable_grad() = std::move(gradients_[i]);
    set_generator_state(random_);
  }

 private:
  optim::KeepModes modes_;
  Weights own_, weights_;
  std::vector<torch::Tensor> parameters_, gradients_;
  torch::Tensor random_ = generator_state();
};

// Batches from shuffled epochs, one epoch after another.
class Batches {
 public:
  Batches(Examples& examples, const FitOptions& options) : examples_(examples), options_(options) {}
  Batch next() {
    if (begin_ >= order_.size()) {
      order_ = epoch_order(examples_, options_.seed, options_.replicate, ++epoch_);
      begin_ = 0;
    }
    const std::size_t size = std::min(static_cast<std::size_t>(options_.batch_size), order_.size() - begin_);
    const std::span positions = std::span(order_).subspan(begin_, size);
    begin_ += size;
    return examples_.gather_training(epoch_, positions);
  }

 private:
  Examples& examples_;
  const FitOptions& options_;
  std::vector<std::uint32_t> order_;
  std::size_t begin_ = 0;
  std::uint64_t epoch_ = 0;
};

// Sets the rate of every group, except those with a fixed rate.
void set_rates(optim::Optimizer& optimizer, kernels::Chain chain, std::span<const nn::RoleGroup> groups,
               double rate) {
  chain.rule.set("lr", rate);
  auto& there = optimizer.param_groups();
  there[0].options().set_lr(rate);
  for (std::size_t g = 0; g < groups.size(); ++g)
    there[g + 1].options().set_lr(groups[g].chain_in(chain).rule.lr());
}

}  // namespace

std::vector<double> range_losses(nn::Network& network, const kernels::Chain& chain, Examples& examples,
                                 const RangeTest& test, const FitOptions& options,
                                 std::span<const nn::RoleGroup> groups) {
  test.check();
  options.check();
  check_count(examples, Part::train);
  const c10::InferenceMode ordinary_tensors(false);
  const AsItWas as_it_was(network);
  torch::manual_seed(basin::Stream(options.seed, options.replicate, "range test").next64());
  optim::Optimizer optimizer(nn::groups_by_role(nn::roles(network), groups, chain), chain);
  const Objective objective(options.loss, options.regularization, network.parameters());
  std::vector<torch::Tensor> parameters = network.parameters();
  const bool dense = needs_dense_gradients(optimizer, options.regularization);
  Batches batches(examples, options);
  network.train();
  std::vector<double> losses;
  Explosion explosion;
  for (std::int64_t step = 0; step < test.steps; ++step) {
    const Batch batch = batches.next();
    const torch::Tensor loss =
        objective.training_loss(network.forward(batch.inputs), {batch.inputs, batch.targets, {}, 1});
    losses.push_back(loss.item<double>() + objective.penalty());
    if (explosion.add(losses.back())) break;
    loss.backward();
    if (dense) make_gradients_dense(parameters);
    objective.add_gradients();
    set_rates(optimizer, chain, groups, test.rate(step));
    optimizer.step();
    optimizer.zero_grad();
    objective.bound_weights();
  }
  return losses;
}

}  // namespace basin::train
