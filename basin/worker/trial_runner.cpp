#include "basin/worker/trial_runner.hpp"

#include <torch/utils.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <numeric>

#include "basin/core/philox.hpp"
#include "basin/data/checksums.hpp"
#include "basin/data/data_sets.hpp"
#include "basin/data/kinds/kinds.hpp"
#include "basin/network/initializers.hpp"
#include "basin/nn/module_roles.hpp"
#include "basin/nn/script_network.hpp"
#include "basin/recipe/input_shape.hpp"
#include "basin/records/json.hpp"
#include "basin/storage/file.hpp"
#include "basin/study/problem_info.hpp"
#include "basin/train/class_weights.hpp"
#include "basin/train/data_examples.hpp"
#include "basin/train/find_rate.hpp"
#include "basin/train/fit.hpp"
#include "basin/train/objective.hpp"
#include "basin/train/weights.hpp"
#include "basin/worker/network_of.hpp"

namespace basin::worker {
namespace {

using namespace std::chrono_literals;

// A person sees no more, and the parent must also listen to other workers.
constexpr auto between_reports = 100ms;
constexpr auto between_beats = 1s;

// Returns true once per period.
class Metronome {
 public:
  explicit Metronome(std::chrono::milliseconds period) : period_(period) {}
  bool due() {
    const auto now = std::chrono::steady_clock::now();
    if (now - last_ < period_) return false;
    last_ = now;
    return true;
  }

 private:
  std::chrono::milliseconds period_;
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

// Reports progress to the parent, and stops when the parent is gone.
class Reporter : public train::Watcher {
 public:
  Reporter(const Order& order, study::Channel& channel) : order_(order), channel_(channel) {}

  void on_batch(const Progress& progress) override {
    if (!report_.due() && progress.batch < progress.batches) return;
    study::Json message = progress;
    message["type"] = "progress";
    message["number"] = order_.trial.number;
    channel_.send(message);
  }
  void on_epoch(const Epoch& epoch) override {
    channel_.send({{"type", "epoch"}, {"number", order_.trial.number}, {"epoch", epoch}});
    if (order_.verdicts) wait_for_verdict();
  }
  void on_warning(const std::string& text) override {
    channel_.send({{"type", "warning"}, {"number", order_.trial.number}, {"message", text}});
  }
  bool cancelled() override { return stopped() || channel_.closed(); }
  // Whether the parent ended the trial.
  bool stopped() const { return reason_.has_value(); }
  const std::string& reason() const { return *reason_; }

 private:
  // Returns at once if the parent is gone: then the training ends.
  void wait_for_verdict() {
    const std::optional<study::Json> verdict = channel_.receive();
    if (verdict && (*verdict)["type"] == "stop") reason_ = verdict->value("reason", "");
  }

  const Order& order_;
  std::optional<std::string> reason_;
  study::Channel& channel_;
  Metronome report_{between_reports};
};

// Tells the parent at each batch that the work continues: during an evaluation, and within a large batch run
// in pieces, when a Reporter has nothing to report.
class Beating : public train::Examples {
 public:
  Beating(std::unique_ptr<train::Examples> examples, int number, study::Channel& channel)
      : examples_(std::move(examples)), number_(number), channel_(channel) {}

  std::int64_t count(train::Part part) const override { return examples_->count(part); }
  train::TargetScale target_scale() const override { return examples_->target_scale(); }
  train::Batch gather(train::Part part, std::span<const std::uint32_t> positions) override {
    beat();
    return examples_->gather(part, positions);
  }
  train::Batch gather_training(std::uint64_t epoch, std::span<const std::uint32_t> positions) override {
    beat();
    return examples_->gather_training(epoch, positions);
  }

 private:
  void beat() {
    if (beat_.due()) channel_.send({{"type", "beat"}, {"number", number_}});
  }
  std::unique_ptr<train::Examples> examples_;
  int number_;
  study::Channel& channel_;
  Metronome beat_{between_beats};
};

train::Plateau plateau_of(const study::Plateau& p) {
  if (p.dialect == "pytorch")
    return train::PyTorchReduceLROnPlateau({.factor = p.factor, .patience = p.patience});
  return train::ReduceLROnPlateau({.factor = p.factor, .patience = p.patience});
}

// Operations on byte images do not work on tensors that a program supplies.
void check_needs_no_images(const Recipe& recipe) {
  if (!recipe.normalize) throw InputError("--normalize: basin does not normalise the inputs of this problem");
  if (recipe.augmentation.moves_pixels())
    throw InputError("--augment: this problem's inputs are not byte images; only mixup works with them");
}

// For an initializer that needs activations; few enough to cost nothing, and enough to estimate a variance.
torch::Tensor first_examples(train::Examples& examples) {
  std::vector<std::uint32_t> positions(
      static_cast<std::size_t>(std::min<std::int64_t>(256, examples.count(train::Part::train))));
  std::iota(positions.begin(), positions.end(), 0u);
  return examples.gather(train::Part::train, positions).inputs;
}

// What a checkpoint must belong to; with `given`, everything that its bits depend on.
std::string what_runs(const Order& order) {
  study::Settings settings = order.settings;
  settings.checksums.clear();
  return study::Json{{"config", order.trial.config}, {"settings", settings}}.dump();
}

std::map<std::string, std::string> given(const Order& order) {
  std::map<std::string, std::string> out{{"the network of the problem", order.problem.layers},
                                         {"the loss of the problem", order.problem.loss},
                                         {"the metric of the problem", order.problem.metric}};
  if (const std::string& file = order.problem.torchscript; !file.empty())
    out["the crc32 of the TorchScript module"] = data::crc32_text(storage::read_file(file));
  for (const auto& [part, sum] : order.settings.checksums) out["the crc32 of the " + part] = sum;
  return out;
}

// Identifies the running program as it was when it started.
const std::string& own_program() {
  static const std::string text = "program " + data::crc32_text(storage::read_file("/proc/self/exe"));
  return text;
}

train::FitOptions fit_options(const Order& order, const Recipe& recipe, const losses::Loss& loss) {
  train::FitOptions options{.loss = loss,
                            .metric = ranking_metric(order.problem),
                            .metrics = metrics_of(order.problem),
                            .epochs = order.settings.epochs,
                            .batch_size = recipe.batch_size,
                            .seed = order.settings.seed,
                            .replicate = static_cast<std::uint64_t>(order.trial.replicate),
                            .micro_batch = order.settings.micro_batch,
                            .regularization = recipe.regularization,
                            .augmentation = recipe.augmentation,
                            .schedules = recipe.schedules,
                            .checkpoints = {.folder = order.checkpoints,
                                            .every = order.every,
                                            .configuration = what_runs(order),
                                            .given = given(order),
                                            .program = own_program()}};
  if (order.settings.patience) options.early_stopping = {.patience = order.settings.patience->epochs};
  if (order.settings.plateau) options.plateau = plateau_of(*order.settings.plateau);
  return options;
}

std::unique_ptr<train::Examples> examples_of(const Order& order, const Recipe& recipe,
                                             const data::SharedSet& shared) {
  const auto& [seed, size] = std::pair(order.settings.seed, order.settings.train_size);
  const auto replicate = static_cast<std::uint64_t>(order.trial.replicate);
  const DataForm form = form_of(shared);
  check_suits(recipe, order.problem, form);
  if (form.kind == "images") {
    const data::ImageSet images = data::images_of(shared);
    const std::int64_t train = images.train_count();
    const std::int64_t validation = order.problem.source
                                        ? data::share_of(order.problem.source->validation, train)
                                        : data::data_set(order.problem.data).held_out(train);
    return train::image_examples(images, validation, size, seed, replicate,
                                 {order.problem.predicts == "inputs", recipe.normalize, recipe.augmentation});
  }
  return train::data_examples(shared, *order.problem.source, seed, replicate, {size, recipe.normalize});
}

std::shared_ptr<nn::Network> network_of(const Order& order, const Recipe& recipe,
                                        const data::SharedSet& shared) {
  if (!order.problem.torchscript.empty()) {
    if (recipe.regularization.dropout >= 0)
      throw InputError(
          "--regularize dropout: this problem's network is of TorchScript, whose layers are not known");
    return nn::script_network(order.problem.torchscript);
  }
  const nn::Shape shape = basin::input_shape(shared, order.problem.source.value_or(data::Source{}));
  return nn::make_network(
      nn::with_dropout(layers_of(order.problem, shape, data::outputs_of(shared)), recipe.regularization));
}

study::State state_of(train::Ending ending, bool stopped) {
  if (stopped) return study::State::pruned;
  if (ending == train::Ending::cancelled) throw Error("the parent is gone");
  return ending == train::Ending::diverged ? study::State::diverged : study::State::complete;
}

study::Result result_of(const train::Fit& fit, std::int64_t state_bytes, const Reporter& reporter) {
  study::Result result{.state = state_of(fit.ending, reporter.stopped()),
                       .reason = reporter.stopped() ? reporter.reason() : fit.reason,
                       .best_epoch = fit.best_epoch,
                       .seconds = fit.phases.training(),
                       .steps = fit.steps,
                       .state_bytes = state_bytes,
                       .phases = {fit.phases.data, fit.phases.forward, fit.phases.backward,
                                  fit.phases.optimizer, fit.phases.evaluation}};
  if (fit.best_epoch > 0)
    result.validation = fit.rows[static_cast<std::size_t>(fit.best_epoch - 1)].validation;
  if (fit.steps > 0) result.optimizer_ms = 1e3 * fit.phases.optimizer / static_cast<double>(fit.steps);
  if (result.seconds > 0) result.images_per_second = static_cast<double>(fit.images) / result.seconds;
  return result;
}

}  // namespace

TrialRunner::TrialRunner(const Problems& problems, std::optional<std::pair<int, std::size_t>> shared)
    : problems_(problems) {
  if (shared) shared_ = data::SharedSet::map(shared->first, shared->second);
}

TrialRunner::Set TrialRunner::set_up(const Order& order, const Recipe& recipe, study::Channel& channel) {
  const auto& [seed, replicate] =
      std::pair(order.settings.seed, static_cast<std::uint64_t>(order.trial.replicate));
  Set set;
  torch::manual_seed(
      basin::Stream(seed, replicate, "network").next64());  // for networks that initialise themselves
  const OwnProblem* own = problems_.own(order.problem.name);
  if (own) {
    check_needs_no_images(recipe);
    set.examples = own->examples(seed, replicate, order.settings.train_size);
    set.network = network_of(*own, *set.examples, recipe.regularization);
  } else {
    if (!shared_)
      throw InputError("problem " + order.problem.name + " needs its data set, and none was given");
    set.examples = examples_of(order, recipe, *shared_);
    set.network = network_of(order, recipe, *shared_);
  }
  set.examples = std::make_unique<Beating>(std::move(set.examples), order.trial.number, channel);
  set.loss = train::with_class_weights(losses::Loss::parse(order.problem.loss), *set.examples,
                                       own ? 0 : data::classes_of(*shared_));
  if (order.problem.torchscript.empty() || order.trial.config.init != "default")
    nn::initialize(*set.network, recipe.init, seed, replicate,
                   recipe.init.looks_at_examples() ? first_examples(*set.examples) : torch::Tensor());
  return set;
}

study::Result TrialRunner::run(const Order& order, const Recipe& recipe, study::Channel& channel) {
  torch::set_num_threads(order.settings.threads);
  const Set set = set_up(order, recipe, channel);
  optim::Optimizer optimizer(nn::groups_by_role(nn::roles(*set.network), recipe.groups, recipe.chain),
                             recipe.chain);
  Reporter reporter(order, channel);
  const train::Fit fit =
      train::fit(*set.network, optimizer, *set.examples, fit_options(order, recipe, set.loss), reporter);
  const study::Result result = result_of(fit, optimizer.state_bytes(), reporter);
  if (fit.best_epoch > 0 && !reporter.stopped()) {
    std::filesystem::create_directories(std::filesystem::path(order.weights).parent_path());
    train::save(order.weights, train::snapshot(*set.network));
  }
  return result;
}

std::vector<double> TrialRunner::range_losses(const Order& order, const Recipe& recipe, const RangeTest& test,
                                              study::Channel& channel) {
  torch::set_num_threads(order.settings.threads);
  const Set set = set_up(order, recipe, channel);
  return train::range_losses(*set.network, recipe.chain, *set.examples, test,
                             fit_options(order, recipe, set.loss), recipe.groups);
}

study::TestResult TrialRunner::evaluate(const Order& order, const Recipe& recipe, study::Channel& channel) {
  torch::set_num_threads(order.settings.threads);
  const Set set = set_up(order, recipe, channel);
  train::restore(*set.network, train::load(order.weights));
  Score score =
      train::evaluate(*set.network, *set.examples, train::Part::test, set.loss, metrics_of(order.problem));
  const train::Objective objective(set.loss, recipe.regularization, set.network->parameters());
  score["loss"] += objective.penalty();
  return score;
}

}  // namespace basin::worker
