#include "basin/train/fit.hpp"

#include <algorithm>
#include <cmath>

#include "basin/optim/modes.hpp"
#include "basin/train/checkpoints.hpp"
#include "basin/train/gradient_trainer.hpp"
#include "basin/train/stopwatch.hpp"

namespace basin::train {
namespace {

// As in PyTorch, a norm that is NaN makes every weight NaN.
std::string advice_on_clipping(optim::Optimizer& optimizer) {
  bool clips = false;
  for (std::size_t g = 0; g < optimizer.param_groups().size(); ++g)
    for (const kernels::AnyLink& link : optimizer.chain(g).before) {
      if (link.info().name == "skip_nonfinite") return "";
      clips |= link.info().name == "clip_global_norm" || link.info().name == "clip_norm";
    }
  return clips ? "; clipping spreads one NaN to all weights; skip_nonfinite before it skips such a "
                 "step"
               : "";
}

// Epoch after epoch: the batches, the evaluation, the callbacks; a checkpoint now and then.
class Loop {
 public:
  Loop(nn::Network& network, optim::Optimizer& optimizer, Examples& examples, const FitOptions& options,
       Watcher& watcher)
      : network_(network),
        optimizer_(optimizer),
        examples_(examples),
        options_(options),
        watcher_(watcher),
        trainer_(network, optimizer, examples, options),
        plateau_(options.plateau),
        tally_(options.metrics, examples.target_scale()),
        checkpoints_(options.checkpoints, watcher) {
    if (options.early_stopping) stopping_.emplace(*options.early_stopping);
  }

  Fit run() {
    trainer_.drop_gradients();
    try {
      train();
    } catch (...) {
      trainer_.put_back();
      throw;
    }
    trainer_.drop_gradients();
    optimizer_.eval();
    network_.eval();
    if (!best_.empty()) restore(network_, best_);
    return std::move(fit_);
  }

 private:
  void train() {
    if (!options_.checkpoints.folder.empty()) now();  // refuses here, not after 30 s, what cannot be named
    if (const auto checkpoint = checkpoints_.load(what_is_run())) resume(*checkpoint);
    for (; at_.epoch <= options_.epochs && fit_.ending == Ending::last_epoch;
         at_ = {.epoch = at_.epoch + 1}) {
      Row row{.epoch = at_.epoch};
      if (!train_epoch(row)) break;
      row.validation = validate();
      if (!std::isfinite(value_of(row.validation, "loss"))) {
        diverge("the validation loss", value_of(row.validation, "loss"), "");
        break;
      }
      finish(row);
    }
  }

  // False when the epoch did not come to its end.
  bool train_epoch(Row& row) {
    trainer_.show_weights_to_train();
    const auto epoch = static_cast<std::uint64_t>(at_.epoch);
    const std::vector<std::uint32_t> positions =
        epoch_order(examples_, options_.seed, options_.replicate, epoch);
    const auto size = static_cast<std::size_t>(options_.batch_size);
    const std::size_t batches = (positions.size() + size - 1) / size;
    if (at_.batch == 0) at_.lr = trainer_.rate(), tally_.clear();
    for (auto b = static_cast<std::size_t>(at_.batch); b < batches; ++b) {
      if (watcher_.cancelled()) return save(), end(Ending::cancelled, "cancelled"), false;
      if (checkpoints_.due()) save();
      const std::span batch =
          std::span(positions).subspan(b * size, std::min(size, positions.size() - b * size));
      const double loss = trainer_.step(batch, epoch, fit_, tally_);
      if (!std::isfinite(loss))
        return diverge("the training loss", loss, ", batch " + std::to_string(b + 1)), false;
      at_.batch = static_cast<std::int64_t>(b + 1);
      watcher_.on_batch({.epoch = at_.epoch,
                         .epochs = options_.epochs,
                         .batch = at_.batch,
                         .batches = static_cast<std::int64_t>(batches),
                         .train = tally_.score(),
                         .images_per_second = static_cast<double>(fit_.images) / fit_.phases.training()});
    }
    row.lr = at_.lr;
    row.train = tally_.score();
    row.seconds = fit_.phases.training();
    return true;
  }

  Score validate() {
    Stopwatch watch;
    trainer_.show_weights_to_evaluate();
    Score score = evaluate(network_, examples_, Part::validation, options_.loss, options_.metrics);
    score["loss"] += trainer_.penalty();
    watch.lap(fit_.phases.evaluation);
    return score;
  }

  void finish(const Row& row) {
    fit_.rows.push_back(row);
    if (fit_.best_epoch == 0 ||
        better(row.validation, fit_.rows[static_cast<std::size_t>(fit_.best_epoch - 1)].validation)) {
      fit_.best_epoch = row.epoch;
      best_ = snapshot(network_);
    }
    watcher_.on_epoch(row);
    if (plateau_) trainer_.lower_rate(*plateau_, value_of(row.validation, "loss"));
    if (stopping_ && stopping_->stop_after(value_of(row.validation, "loss")))
      end(Ending::stopped_early,
          "no improvement for " + std::to_string(options_.early_stopping->patience) + " epochs");
  }

  bool better(const Score& a, const Score& b) const {
    return options_.metric.worth(a) > options_.metric.worth(b);
  }

  void end(Ending ending, std::string reason) {
    fit_.ending = ending;
    fit_.reason = std::move(reason);
  }
  void diverge(const std::string& what, double value, const std::string& where) {
    const std::string shown = std::isnan(value) ? "nan" : "infinite";
    end(Ending::diverged, what + " became " + shown + " in epoch " + std::to_string(at_.epoch) + where +
                              advice_on_clipping(optimizer_));
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

  Checkpoint now() const {
    Checkpoint out{.run = what_is_run(),
                   .machine = this_machine(options_.checkpoints.program),
                   .position = at_,
                   .sums = tally_.sums(),
                   .fit = fit_,
                   .best = best_};
    trainer_.save(out);
    if (stopping_) out.stopping = stopping_->state();
    if (plateau_) out.plateau = state_of(*plateau_);
    return out;
  }

  // Takes over all of a checkpoint, or nothing of one that does not fit.
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
    trainer_.resume(from);
    if (stopping_ && from.stopping) stopping_->resume(*from.stopping);
    if (plateau_ && from.plateau) train::resume(*plateau_, *from.plateau);
    at_ = from.position;
    tally_.resume(from.sums);
    fit_ = from.fit;
    best_ = from.best;
  }

  nn::Network& network_;
  optim::Optimizer& optimizer_;
  Examples& examples_;
  const FitOptions& options_;
  Watcher& watcher_;
  GradientTrainer trainer_;
  std::optional<EarlyStopping> stopping_;
  std::optional<Plateau> plateau_;
  Weights best_;
  Fit fit_;
  Position at_;
  Tally tally_;  // of the epoch in training
  Checkpoints checkpoints_;
};

// What a run changes in a network and an optimizer, besides what it trains.
class AsFound {
 public:
  AsFound(nn::Network& network, optim::Optimizer& optimizer)
      : modes_(network), optimizer_(optimizer), mode_(optimizer.mode()) {
    for (auto& group : optimizer.param_groups()) options_.push_back(group.options().clone());
  }
  void put_back() {
    modes_.put_back();
    mode_ == Mode::train ? optimizer_.train() : optimizer_.eval();  // with the knobs that it had then
    for (std::size_t g = 0; g < options_.size(); ++g)
      optimizer_.param_groups()[g].set_options(std::move(options_[g]));
  }

 private:
  optim::Modes modes_;
  optim::Optimizer& optimizer_;
  Mode mode_;
  std::vector<std::unique_ptr<optim::OptimizerOptions>> options_;  // schedules change them
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
    return Loop(network, optimizer, examples, options, watcher).run();
  } catch (...) {
    found.put_back();
    throw;
  }
}

}  // namespace basin::train
