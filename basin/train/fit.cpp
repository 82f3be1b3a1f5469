#include "basin/train/fit.hpp"

#include <algorithm>
#include <cmath>

#include "basin/optim/average.hpp"
#include "basin/optim/modes.hpp"
#include "basin/optim/sam.hpp"
#include "basin/train/batch_gradient.hpp"
#include "basin/train/checkpoint.hpp"
#include "basin/train/curvature.hpp"
#include "basin/train/stopwatch.hpp"

namespace basin::train {
namespace {

// The rate has one always, so that a plateau has something to lower.
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

class Training {
 public:
  Training(nn::Network& network, optim::Optimizer& optimizer, Examples& examples, const FitOptions& options,
           Watcher& watcher)
      : network_(network),
        optimizer_(optimizer),
        examples_(examples),
        options_(options),
        watcher_(watcher),
        parameters_(network.parameters()),
        objective_(options.loss, options.regularization, parameters_),
        add_gradient_(network, examples, options, objective_),
        scheduler_(optimizer, schedules_of(options), run_length(examples, options)),
        plateau_(options.plateau),
        checkpoints_(options.checkpoints, watcher) {
    if (options.early_stopping) stopping_.emplace(*options.early_stopping);
    if (options.regularization.ema > 0) average_.emplace(parameters_, average_options());
    if (const auto& r = options.regularization; r.sam > 0 || r.asam > 0)
      sam_.emplace(optimizer, optim::SamOptions{.rho = r.sam + r.asam, .adaptive = r.asam > 0});
  }

  Fit run() {
    drop_gradients();
    try {
      train();
    } catch (...) {
      put_back();
      throw;
    }
    drop_gradients();
    optimizer_.eval();
    network_.eval();
    if (!best_.empty()) restore(network_, best_);
    return std::move(fit_);
  }

 private:
  void train() {
    if (!options_.checkpoints.folder.empty()) now();  // what cannot be named is refused here, not after 30 s
    if (const auto checkpoint = checkpoints_.load(what_is_run())) resume(*checkpoint);
    for (; at_.epoch <= options_.epochs && go_on(); at_ = {.epoch = at_.epoch + 1}) {
      Row row{.epoch = at_.epoch};
      if (!train_epoch(row)) break;
      Stopwatch watch;
      show_weights_to_evaluate();
      row.validation = evaluate(network_, examples_, Part::validation, options_.loss);
      row.validation.loss += objective_.penalty();
      watch.lap(fit_.phases.evaluation);
      if (!std::isfinite(row.validation.loss)) {
        diverge("the validation loss", row.validation.loss, "");
        break;
      }
      finish(row);
    }
  }

  // The weights as they were trained so far, wherever the run was when it threw.
  void put_back() {
    if (climbed_) sam_->come_back();
    show_weights_to_train();
    drop_gradients();
  }
  // The next backward pass need not add.
  void drop_gradients() {
    for (torch::Tensor& parameter : parameters_) parameter.mutable_grad().reset();
  }

  std::uint64_t epoch() const { return static_cast<std::uint64_t>(at_.epoch); }
  bool go_on() const { return fit_.ending == Ending::last_epoch; }

  void end(Ending ending, std::string reason) {
    fit_.ending = ending;
    fit_.reason = std::move(reason);
  }
  void diverge(const std::string& what, double value, const std::string& where) {
    const std::string shown = std::isnan(value) ? "nan" : "infinite";
    end(Ending::diverged,
        what + " became " + shown + " in epoch " + std::to_string(at_.epoch) + where + advice_on_clipping());
  }
  // As in PyTorch, a norm that is no number makes every weight one.
  std::string advice_on_clipping() {
    bool clips = false;
    for (std::size_t g = 0; g < optimizer_.param_groups().size(); ++g)
      for (const kernels::AnyLink& link : optimizer_.chain(g).before) {
        if (link.info().name == "skip_nonfinite") return "";
        clips |= link.info().name == "clip_global_norm" || link.info().name == "clip_norm";
      }
    return clips ? "; clipping passes one NaN on to all weights, and skip_nonfinite before it leaves such a "
                   "step out"
                 : "";
  }

  optim::AverageOptions average_options() const {
    for (std::size_t g = 0; g < optimizer_.param_groups().size(); ++g)
      if (optimizer_.rule(g).table().two_points)
        throw InputError("ema: " + optimizer_.rule(g).info().name + " is evaluated at a mean of its own");
    return {.decay = options_.regularization.ema, .warmup = true};
  }
  void show_weights_to_evaluate() {
    network_.eval();
    optimizer_.eval();
    if (average_) average_->swap();
  }
  void show_weights_to_train() {
    if (average_ && average_->swapped()) average_->swap();
    optimizer_.train();
    network_.train();
  }

  // False when the epoch did not come to its end.
  bool train_epoch(Row& row) {
    show_weights_to_train();
    const std::vector<std::uint32_t> positions =
        epoch_order(examples_, options_.seed, options_.replicate, epoch());
    const auto size = static_cast<std::size_t>(options_.batch_size);
    const std::size_t batches = (positions.size() + size - 1) / size;
    if (at_.batch == 0) at_.lr = optimizer_.rule().lr();
    for (auto b = static_cast<std::size_t>(at_.batch); b < batches; ++b) {
      if (watcher_.cancelled()) return save(), end(Ending::cancelled, "cancelled"), false;
      if (checkpoints_.due()) save();
      const std::span batch =
          std::span(positions).subspan(b * size, std::min(size, positions.size() - b * size));
      const double loss = train_batch(batch);
      if (!std::isfinite(loss))
        return diverge("the training loss", loss, ", batch " + std::to_string(b + 1)), false;
      at_.batch = static_cast<std::int64_t>(b + 1);
      watcher_.on_batch({at_.epoch, at_.batch, static_cast<std::int64_t>(batches), at_.tally.score(),
                         static_cast<double>(fit_.images) / fit_.phases.training()});
    }
    row.lr = at_.lr;
    row.train = at_.tally.score();
    row.seconds = fit_.phases.training();
    return true;
  }

  // One step.
  double train_batch(std::span<const std::uint32_t> positions) {
    ++fit_.steps;
    const double loss = add_gradient_(positions, epoch(), fit_.steps, fit_.phases, &at_.tally);
    fit_.images += static_cast<std::int64_t>(positions.size());
    if (!std::isfinite(loss)) return loss;
    if (const double worst = look_around(positions); !std::isfinite(worst)) return worst;
    Stopwatch watch;
    move_weights();
    scheduler_.step();
    drop_gradients();
    watch.lap(fit_.phases.optimizer);
    if (wants_curvature_ && fit_.steps % curvature_period == 1) add_curvature(positions);
    return loss;
  }

  // Where the loss is worst nearby: its gradient takes the place of that at the weights. Returns that loss, or 0.
  double look_around(std::span<const std::uint32_t> positions) {
    Stopwatch watch;
    climbed_ = sam_ && sam_->climb();
    watch.lap(fit_.phases.optimizer);
    if (!climbed_) return 0;
    const double worst = add_gradient_(positions, epoch(), fit_.steps, fit_.phases, nullptr);
    watch = Stopwatch();
    sam_->come_back();
    climbed_ = false;
    watch.lap(fit_.phases.optimizer);
    return worst;
  }

  // The mean is of weights within their bounds.
  void move_weights() {
    const bool bounded = options_.regularization.max_norm > 0;
    if (average_ && !bounded) {
      average_->step(optimizer_);
      return;
    }
    optimizer_.step();
    objective_.bound_weights();
    if (average_) average_->update();
  }

  // From the examples of the batch; of one piece where it is run in pieces.
  void add_curvature(std::span<const std::uint32_t> positions) {
    Stopwatch watch;
    if (options_.micro_batch > 0)
      positions = positions.first(std::min(static_cast<std::size_t>(options_.micro_batch), positions.size()));
    const Batch batch = examples_.gather_training(epoch(), positions);
    estimate_curvature(network_, optimizer_, batch.inputs, options_.loss);
    watch.lap(fit_.phases.optimizer);
  }

  void finish(const Row& row) {
    fit_.rows.push_back(row);
    if (fit_.best_epoch == 0 ||
        better(row.validation, fit_.rows[static_cast<std::size_t>(fit_.best_epoch - 1)].validation)) {
      fit_.best_epoch = row.epoch;
      best_ = snapshot(network_);
    }
    watcher_.on_epoch(row);
    if (plateau_) scheduler_.rebase(next_rate(*plateau_, scheduler_.base(), row.validation.loss));
    if (stopping_ && stopping_->stop_after(row.validation.loss))
      end(Ending::stopped_early,
          "no improvement for " + std::to_string(options_.early_stopping->patience) + " epochs");
  }

  // --- checkpoints

  std::map<std::string, std::string> what_is_run() const {
    std::map<std::string, std::string> out{
        {"the configuration", options_.checkpoints.configuration},
        {"the seed", std::to_string(options_.seed)},
        {"the replicate", std::to_string(options_.replicate)},
        {"the number of epochs", std::to_string(options_.epochs)},
        {"the batch size", std::to_string(options_.batch_size)},
        {"the micro-batch", std::to_string(options_.micro_batch)},
        {"the number of training examples", std::to_string(examples_.count(Part::train))}};
    out.insert(options_.checkpoints.given.begin(), options_.checkpoints.given.end());
    return out;
  }

  void save() {
    if (options_.checkpoints.folder.empty()) return;
    Stopwatch watch;
    checkpoints_.save(now());
    watch.lap(fit_.phases.checkpoints);
  }

  Checkpoint now() {
    Checkpoint out{.run = what_is_run(),
                   .machine = this_machine(options_.checkpoints.program),
                   .position = at_,
                   .fit = fit_,
                   .schedule = scheduler_.state(),
                   .optimizer = optim::named_state(optimizer_, network_.named_parameters()),
                   .weights = views(network_),
                   .best = best_};
    if (stopping_) out.stopping = stopping_->state();
    if (plateau_) out.plateau = state_of(*plateau_);
    if (average_) out.average = average_->state();
    return out;
  }

  // All of a checkpoint, or nothing of one that is of something else.
  void resume(const Checkpoint& from) {
    const EncodedCheckpoint before = encode(now());
    try {
      become(from);
    } catch (...) {
      become(decode(before));
      throw;
    }
    for (const Row& row : fit_.rows) watcher_.on_epoch(row);
  }

  void become(const Checkpoint& from) {
    optim::restore(optimizer_, from.optimizer, network_.named_parameters());
    restore(network_, from.weights);
    scheduler_.resume(from.schedule);
    if (stopping_ && from.stopping) stopping_->resume(*from.stopping);
    if (plateau_ && from.plateau) train::resume(*plateau_, *from.plateau);
    if (average_ && from.average) average_->resume(*from.average);
    at_ = from.position;
    fit_ = from.fit;
    best_ = from.best;
  }

  bool better(const Score& a, const Score& b) const {
    return options_.metric == Metric::loss ? a.loss < b.loss : a.accuracy > b.accuracy;
  }

  nn::Network& network_;
  optim::Optimizer& optimizer_;
  Examples& examples_;
  const FitOptions& options_;
  Watcher& watcher_;
  std::vector<torch::Tensor> parameters_;
  std::optional<EarlyStopping> stopping_;
  Objective objective_;
  BatchGradient add_gradient_;
  optim::Scheduler scheduler_;
  std::optional<Plateau> plateau_;
  std::optional<optim::WeightAverage> average_;
  std::optional<optim::Sam> sam_;
  bool climbed_ = false;  // and not yet come back
  const bool wants_curvature_ = optimizer_.wants_curvature();
  Weights best_;
  Fit fit_;
  Position at_;
  Checkpoints checkpoints_;
};

// What a run changes of a network and an optimizer, beside what it trains.
class AsFound {
 public:
  AsFound(nn::Network& network, optim::Optimizer& optimizer)
      : modes_(network), optimizer_(optimizer), mode_(optimizer.mode()) {
    for (auto& group : optimizer.param_groups()) options_.push_back(group.options().clone());
  }
  void put_back() {
    modes_.put_back();
    mode_ == Mode::train ? optimizer_.train() : optimizer_.eval();  // by the knobs with which it left it
    for (std::size_t g = 0; g < options_.size(); ++g)
      optimizer_.param_groups()[g].set_options(std::move(options_[g]));
  }

 private:
  optim::Modes modes_;
  optim::Optimizer& optimizer_;
  Mode mode_;
  std::vector<std::unique_ptr<optim::OptimizerOptions>> options_;  // schedules drive them
};

}  // namespace

Fit fit(nn::Network& network, optim::Optimizer& optimizer, Examples& examples, const FitOptions& options,
        Watcher& watcher) {
  options.check();
  check_count(examples, Part::train);
  check_count(examples, Part::validation);
  const c10::InferenceMode ordinary_tensors(false);
  AsFound found(network, optimizer);
  try {
    return Training(network, optimizer, examples, options, watcher).run();
  } catch (...) {
    found.put_back();
    throw;
  }
}

}  // namespace basin::train
