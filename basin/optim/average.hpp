// A mean of the weights over the course of training: steadier than the last weights, for evaluating and
// saving.
//
//   WeightAverage average(model->parameters(), {.decay = 0.999});            exponential: EMA
//   WeightAverage average(model->parameters(), {.start = 1000});             of all steps from 1,000 on: SWA
//   for (...) { ...; average.step(optimizer); }                              optimizer.step() and update() in
//                                                                            one pass
//   average.swap();  evaluate(model);  average.swap();                       the mean in the model, and back
//
// Paper    Polyak & Juditsky, Acceleration of Stochastic Approximation by Averaging, 1992; Izmailov,
//          Podoprikhin, Garipov, Vetrov & Wilson, Averaging Weights Leads to Wider Optima and Better
//          Generalization, UAI 2018 (SWA)
// Update   EMA: a = a + (1 - d) (x - a), d = min(decay, (1+t)/(10+t)) with warmup
//          SWA: a = a + (x - a) / n
// Memory   1 value per weight, in the parameter's type; 12 bytes moved per weight and update in float32
#pragma once
#include <torch/types.h>

#include <functional>
#include <optional>
#include <vector>

#include "basin/optim/shadow.hpp"

namespace torch::nn {
class Module;
}

namespace basin::optim {

struct AverageOptions {
  std::optional<double> decay = {};  // in [0, 1); without it, the equal mean of all updates
  bool warmup = false;               // ramps the decay up, so that an EMA soon forgets the first weights
  std::int64_t start = 0;            // updates before this one only copy the weights
  std::int64_t every = 1;            // uses only every so many updates
};

class WeightAverage {
 public:
  // Throws InputError for an option outside its range, and for parameters that share memory.
  WeightAverage(std::vector<torch::Tensor> parameters, AverageOptions options);

  // Call after each step of the optimizer. Throws InputError while the mean is in the model, and if a
  // parameter no longer has the shape, type and device that it had.
  void update();
  // Steps the optimizer and calls update(), in one pass over memory where possible (shadow.hpp), with the
  // same bits. Throws InputError as both do, before anything changes. Also throws it if the optimizer was
  // given a group after the first such step whose parameters the mean does not cover: they would be left out.
  torch::Tensor step(Optimizer& optimizer, Optimizer::LossClosure closure = nullptr);
  // Exchanges the weights of the model with their mean.
  void swap();
  bool swapped() const { return swapped_; }

  // The means, in the order of the parameters. Valid while this object lives.
  const std::vector<torch::Tensor>& averages() const { return mean_.weights(); }
  // The number of updates so far, and the number of weights in the mean.
  std::int64_t updates() const { return updates_; }
  std::int64_t averaged() const { return averaged_; }

  struct State {
    std::int64_t updates = 0, averaged = 0;
    bool swapped = false;
    std::vector<torch::Tensor> averages;  // in the order of the parameters
  };
  // The averages are this object's own tensors, not copies.
  State state() const { return {updates_, averaged_, swapped_, averages()}; }
  // Copies them. Throws InputError for the state of other parameters; nothing changes then.
  void resume(const State& state);

  const AverageOptions& options() const { return options_; }

  void save(torch::serialize::OutputArchive& archive) const;
  // Restores the options, too, if the archive holds them. Throws InputError if the archive belongs to other
  // parameters or its options are outside their range; nothing changes then.
  void load(torch::serialize::InputArchive& archive);

 private:
  void check_trained() const;
  void check_complete(const Optimizer& optimizer);
  double share() const;
  // The share of the new weights at the next update; nothing if that update is skipped.
  std::optional<double> next_share() const;
  void count();

  Shadow mean_;
  AverageOptions options_;
  const Optimizer* stepped_ = nullptr;  // the optimizer of the last step
  std::size_t groups_ = 0;              // its number of groups at the first step
  std::int64_t updates_ = 0, averaged_ = 0;
  bool swapped_ = false;
};

// Recomputes the means and variances of every batch-norm layer, as averaged weights need them. Resets them,
// and calls `forward` on the module in training mode, without gradients; `forward` must run the training data
// once. Afterwards, every module is in its previous mode. If `forward` throws, the means and variances are
// restored, too.
void update_batch_norm(torch::nn::Module& module, const std::function<void()>& forward);

}  // namespace basin::optim
