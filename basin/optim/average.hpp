// A mean of the weights that training passes: what is evaluated and kept is steadier than the last weights are.
//
//   WeightAverage average(model->parameters(), {.decay = 0.999});            exponential: EMA
//   WeightAverage average(model->parameters(), {.start = 1000});             of all steps from 1,000 on: SWA
//   for (...) { ...; average.step(optimizer); }                              optimizer.step() and average.update(), in one pass
//   average.swap();  evaluate(model);  average.swap();                       the mean in the model, and back
//
// Paper    Polyak & Juditsky, Acceleration of Stochastic Approximation by Averaging, 1992; Izmailov, Podoprikhin, Garipov,
//          Vetrov & Wilson, Averaging Weights Leads to Wider Optima and Better Generalization, UAI 2018 (SWA)
// Update   EMA: a = a + (1 - d) (x - a), d = min(decay, (1+t)/(10+t)) with warmup      SWA: a = a + (x - a) / n
// Memory   1 value per weight, of the parameter's type; 12 bytes moved per weight and update in float32
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
  bool warmup = false;     // of the decay, for an EMA that does not remember the first weights for long
  std::int64_t start = 0;  // updates before this one only copy the weights
  std::int64_t every = 1;  // takes one update in so many
};

class WeightAverage {
 public:
  // Throws InputError for an option outside its range and for parameters that share memory.
  WeightAverage(std::vector<torch::Tensor> parameters, AverageOptions options);

  // After each step of the optimizer. Throws InputError while the mean is in the model, and when a parameter no longer has
  // the shape, the type and the device that it had.
  void update();
  // A step of the optimizer, then update(): in one pass over memory where they can be (shadow.hpp), with the same bits.
  // Throws InputError as both do, before anything changes, and when the optimizer was given a group, after the first such
  // step, of parameters that the mean is not of: they would be left out.
  torch::Tensor step(Optimizer& optimizer, Optimizer::LossClosure closure = nullptr);
  // Exchanges the weights of the model and their mean.
  void swap();
  bool swapped() const { return swapped_; }

  // In the order of the parameters. Valid while this object lives.
  const std::vector<torch::Tensor>& averages() const { return mean_.weights(); }
  // Updates so far, and weights that the mean is of.
  std::int64_t updates() const { return updates_; }
  std::int64_t averaged() const { return averaged_; }

  struct State {
    std::int64_t updates = 0, averaged = 0;
    bool swapped = false;
    std::vector<torch::Tensor> averages;  // in the order of the parameters
  };
  // The averages are this object's own tensors, not copies.
  State state() const { return {updates_, averaged_, swapped_, averages()}; }
  // Copies them. Throws InputError, and changes nothing, for the state of other parameters.
  void resume(const State& state);

  const AverageOptions& options() const { return options_; }

  void save(torch::serialize::OutputArchive& archive) const;
  // Restores the options too, where the archive holds them. Throws InputError, and changes nothing, when the archive is of
  // other parameters or its options are outside their range.
  void load(torch::serialize::InputArchive& archive);

 private:
  void check_trained() const;
  void check_complete(const Optimizer& optimizer);
  double share() const;
  // Of the new weights in the mean at the next update; nothing where it passes them over.
  std::optional<double> next_share() const;
  void count();

  Shadow mean_;
  AverageOptions options_;
  const Optimizer* stepped_ = nullptr;  // the optimizer of the last step
  std::size_t groups_ = 0;              // that it had in the first
  std::int64_t updates_ = 0, averaged_ = 0;
  bool swapped_ = false;
};

// Gathers the means and variances of every batch-norm layer anew, as averaged weights need them: resets them, and calls
// `forward` on the module in training mode, without gradients; `forward` shows it the training data once. Afterwards
// the module, and every one below it, is in the mode it was in; where `forward` throws, the means and variances, too, are
// what they were.
void update_batch_norm(torch::nn::Module& module, const std::function<void()>& forward);

}  // namespace basin::optim
