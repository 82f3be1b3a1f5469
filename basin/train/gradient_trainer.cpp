#include "basin/train/gradient_trainer.hpp"

#include <algorithm>
#include <cmath>

#include "basin/train/curvature.hpp"
#include "basin/train/sparse_gradients.hpp"
#include "basin/train/stopwatch.hpp"

namespace basin::train {
namespace {

// Always schedules lr, so that a plateau has a base to scale.
std::vector<KnobSchedule> schedules_of(const FitOptions& options) {
  std::vector<KnobSchedule> out = options.schedules;
  if (std::ranges::find(out, "lr", &KnobSchedule::knob) == out.end())
    out.push_back({"lr", Schedule::parse("constant")});
  return out;
}

RunLength run_length(const Examples& examples, const FitOptions& options) {
  const std::int64_t batches = (examples.count(Part::train) - 1) / options.batch_size + 1;
  return {.total = batches * options.epochs, .per_epoch = batches};
}

}  // namespace

GradientTrainer::GradientTrainer(nn::Network& network, optim::Optimizer& optimizer, Examples& examples,
                                 const FitOptions& options)
    : network_(network),
      optimizer_(optimizer),
      examples_(examples),
      options_(options),
      parameters_(network.parameters()),
      objective_(options.loss, options.regularization, parameters_),
      add_gradient_(network, examples, options, objective_,
                    needs_dense_gradients(optimizer, options.regularization)),
      scheduler_(optimizer, schedules_of(options), run_length(examples, options)),
      wants_curvature_(optimizer.wants_curvature()) {
  const nn::Regularization& r = options.regularization;
  if (r.ema > 0) average_.emplace(parameters_, average_options());
  if (r.sam > 0 || r.asam > 0)
    sam_.emplace(optimizer, optim::SamOptions{.rho = r.sam + r.asam, .adaptive = r.asam > 0});
}

optim::AverageOptions GradientTrainer::average_options() const {
  for (std::size_t g = 0; g < optimizer_.param_groups().size(); ++g)
    if (optimizer_.rule(g).table().two_points)
      throw InputError("ema: " + optimizer_.rule(g).info().name + " is already evaluated at its own mean");
  return {.decay = options_.regularization.ema, .warmup = true};
}

// --- one step

double GradientTrainer::step(std::span<const std::uint32_t> positions, std::uint64_t epoch, Fit& fit,
                             Tally& tally) {
  ++fit.steps;
  const double loss = add_gradient_(positions, epoch, fit.steps, fit.phases, &tally);
  fit.images += static_cast<std::int64_t>(positions.size());
  if (!std::isfinite(loss)) return loss;
  if (const double worst = look_around(positions, epoch, fit); !std::isfinite(worst)) return worst;
  Stopwatch watch;
  move_weights();
  scheduler_.step();
  drop_gradients();
  watch.lap(fit.phases.optimizer);
  if (wants_curvature_ && fit.steps % curvature_period == 1) add_curvature(positions, epoch, fit);
  return loss;
}

// The gradient where the loss is worst nearby replaces the one at the weights. Returns that loss; 0 without
// SAM.
double GradientTrainer::look_around(std::span<const std::uint32_t> positions, std::uint64_t epoch, Fit& fit) {
  Stopwatch watch;
  climbed_ = sam_ && sam_->climb();
  watch.lap(fit.phases.optimizer);
  if (!climbed_) return 0;
  const double worst = add_gradient_(positions, epoch, fit.steps, fit.phases, nullptr);
  watch = Stopwatch();
  sam_->come_back();
  climbed_ = false;
  watch.lap(fit.phases.optimizer);
  return worst;
}

// The mean is of weights within their bounds.
void GradientTrainer::move_weights() {
  const bool bounded = options_.regularization.max_norm > 0;
  if (average_ && !bounded) {
    average_->step(optimizer_);
    return;
  }
  optimizer_.step();
  objective_.bound_weights();
  if (average_) average_->update();
}

// From the examples of the batch; from its first piece where it is run in pieces.
void GradientTrainer::add_curvature(std::span<const std::uint32_t> positions, std::uint64_t epoch, Fit& fit) {
  Stopwatch watch;
  if (options_.micro_batch > 0)
    positions = positions.first(std::min(static_cast<std::size_t>(options_.micro_batch), positions.size()));
  const Batch batch = examples_.gather_training(epoch, positions);
  estimate_curvature(network_, optimizer_, batch.inputs, options_.loss);
  watch.lap(fit.phases.optimizer);
}

void GradientTrainer::lower_rate(Plateau& plateau, double validation_loss) {
  scheduler_.rebase(next_rate(plateau, scheduler_.base(), validation_loss));
}

// --- which weights are shown

void GradientTrainer::show_weights_to_evaluate() {
  network_.eval();
  optimizer_.eval();
  if (average_) average_->swap();
}

void GradientTrainer::show_weights_to_train() {
  if (average_ && average_->swapped()) average_->swap();
  optimizer_.train();
  network_.train();
}

void GradientTrainer::put_back() {
  if (climbed_) sam_->come_back();
  show_weights_to_train();
  drop_gradients();
}

void GradientTrainer::drop_gradients() {
  for (torch::Tensor& parameter : parameters_) parameter.mutable_grad().reset();
}

// --- checkpoints

void GradientTrainer::save(Checkpoint& checkpoint) const {
  checkpoint.schedule = scheduler_.state();
  checkpoint.optimizer = optim::named_state(optimizer_, network_.named_parameters());
  checkpoint.weights = views(network_);
  if (average_) checkpoint.average = average_->state();
}

void GradientTrainer::resume(const Checkpoint& checkpoint) {
  optim::restore(optimizer_, checkpoint.optimizer, network_.named_parameters());
  restore(network_, checkpoint.weights);
  scheduler_.resume(checkpoint.schedule);
  if (average_ && checkpoint.average) average_->resume(*checkpoint.average);
}

}  // namespace basin::train
