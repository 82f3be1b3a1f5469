#include "basin/optim/average.hpp"

#include <torch/nn/module.h>
#include <torch/nn/modules/batchnorm.h>
#include <torch/serialize/archive.h>
#include <torch/utils.h>

#include "basin/optim/archive.hpp"
#include "basin/optim/modes.hpp"

namespace basin::optim {
namespace {

using torch::Tensor;

AverageOptions checked(const AverageOptions& o) {
  const auto refuse = [](const std::string& option, double value, const std::string& range) {
    throw InputError("average: " + option + " = " + text_of(value) + " is outside its range; it must be " +
                     range);
  };
  if (o.decay && !domain::beta.contains(*o.decay)) refuse("decay", *o.decay, "in [0, 1)");
  if (o.start < 0) refuse("start", static_cast<double>(o.start), "0 or more");
  if (o.every < 1) refuse("every", static_cast<double>(o.every), "1 or more");
  if (o.warmup && !o.decay) throw InputError("average: warmup applies to decay, which is not set");
  return o;
}

// Returns the options in an archive; the given ones if it is an older archive without options.
AverageOptions options_in(torch::serialize::InputArchive& archive, AverageOptions options) {
  c10::IValue decay;
  if (!archive.try_read("decay", decay)) return options;
  options.decay = decay.isNone() ? std::nullopt : std::optional(decay.toDouble());
  options.warmup = read(archive, "warmup").toBool();
  options.start = read(archive, "start").toInt();
  options.every = read(archive, "every").toInt();
  return checked(options);
}

}  // namespace

WeightAverage::WeightAverage(std::vector<torch::Tensor> parameters, AverageOptions options)
    : mean_(std::move(parameters)), options_(checked(options)) {}

// The share of the new weights in the mean.
double WeightAverage::share() const {
  if (averaged_ == 0) return 1;
  const auto n = static_cast<double>(averaged_);
  if (!options_.decay) return 1 / (n + 1);
  return 1 - (options_.warmup ? std::min(*options_.decay, (1 + n) / (10 + n)) : *options_.decay);
}

void WeightAverage::check_trained() const {
  if (swapped_) throw InputError("average: update() while the mean is in the model; call swap() first");
}

std::optional<double> WeightAverage::next_share() const {
  if (updates_ < options_.start) return 1;
  return updates_ % options_.every == 0 ? std::optional(share()) : std::nullopt;
}

void WeightAverage::count() {
  if (updates_ >= options_.start && updates_ % options_.every == 0) ++averaged_;
  ++updates_;
}

void WeightAverage::update() {
  check_trained();
  if (const auto share = next_share()) mean_.follow(*share);
  count();
}

// A mean may cover only some of the parameters on purpose, but a group added later has been forgotten.
void WeightAverage::check_complete(const Optimizer& optimizer) {
  const std::size_t groups = optimizer.param_groups().size();
  if (stepped_ != &optimizer) stepped_ = &optimizer, groups_ = groups;
  if (groups == groups_) return;
  if (!mean_.holds_all_of(optimizer))
    throw InputError(
        "average: the optimizer has a new group of parameters that this mean does not cover; "
        "create the mean with all parameters that will be trained");
  groups_ = groups;
}

torch::Tensor WeightAverage::step(Optimizer& optimizer, Optimizer::LossClosure closure) {
  check_trained();
  check_complete(optimizer);
  const auto share = next_share();
  torch::Tensor loss =
      share ? mean_.step(optimizer, std::move(closure), *share) : optimizer.step(std::move(closure));
  count();
  return loss;
}

void WeightAverage::swap() {
  mean_.swap();
  swapped_ = !swapped_;
}

void WeightAverage::save(torch::serialize::OutputArchive& archive) const {
  archive.write("decay", c10::IValue(options_.decay ? c10::IValue(*options_.decay) : c10::IValue()));
  archive.write("warmup", c10::IValue(options_.warmup));
  archive.write("start", c10::IValue(options_.start));
  archive.write("every", c10::IValue(options_.every));
  archive.write("updates", c10::IValue(updates_));
  archive.write("averaged", c10::IValue(averaged_));
  archive.write("swapped", c10::IValue(swapped_));
  mean_.save(archive);
}

void WeightAverage::load(torch::serialize::InputArchive& archive) {
  const std::int64_t updates = read(archive, "updates").toInt(), averaged = read(archive, "averaged").toInt();
  const bool swapped = read(archive, "swapped").toBool();
  const AverageOptions options = options_in(archive, options_);
  mean_.load(archive);
  options_ = options;
  updates_ = updates, averaged_ = averaged, swapped_ = swapped;
}

void WeightAverage::resume(const State& state) {
  mean_.assign(state.averages);
  updates_ = state.updates, averaged_ = state.averaged, swapped_ = state.swapped;
}

namespace {

// Visits batch-norm layers of any number of dimensions.
template <class Visit>
void each_batch_norm(torch::nn::Module& module, const Visit& visit) {
  module.apply([&](torch::nn::Module& m) {
    if (auto* one = m.as<torch::nn::BatchNorm1dImpl>()) visit(*one);
    if (auto* two = m.as<torch::nn::BatchNorm2dImpl>()) visit(*two);
    if (auto* three = m.as<torch::nn::BatchNorm3dImpl>()) visit(*three);
  });
}

// The settings of the layers, restored however this ends, and their statistics, restored unless they are
// released.
class BatchNorms {
 public:
  explicit BatchNorms(torch::nn::Module& module) {
    each_batch_norm(module, [&](auto& layer) {
      put_momentum_back_.push_back(
          [&layer, momentum = layer.options.momentum()] { layer.options.momentum(momentum); });
      for (const Tensor& buffer : layer.buffers())
        if (buffer.defined()) statistics_.emplace_back(buffer, buffer.clone());
    });
  }
  BatchNorms(const BatchNorms&) = delete;
  ~BatchNorms() {
    for (const auto& put_back : put_momentum_back_) put_back();
    const torch::NoGradGuard no_gradients;
    for (auto& [buffer, before] : statistics_) buffer.copy_(before);
  }
  void let_statistics_go() { statistics_.clear(); }

 private:
  std::vector<std::function<void()>> put_momentum_back_;
  std::vector<std::pair<Tensor, Tensor>> statistics_;
};

}  // namespace

void update_batch_norm(torch::nn::Module& module, const std::function<void()>& forward) {
  BatchNorms layers(module);
  each_batch_norm(module, [](auto& layer) {
    layer.reset_running_stats();
    layer.options.momentum(c10::nullopt);  // the equal mean of all batches
  });
  const KeepModes modes(module);
  module.train();
  const torch::NoGradGuard no_gradients;
  forward();
  layers.let_statistics_go();
}

}  // namespace basin::optim
