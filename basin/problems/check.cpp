#include "basin/problems/check.hpp"

#include <algorithm>
#include <cmath>

#include "basin/core/knobs.hpp"
#include "basin/core/names.hpp"
#include "basin/losses/loss.hpp"

namespace basin {
namespace {

// Throws what `call` refuses as a wrong value of this key.
template <class Call>
auto about(const std::string& key, Call call) {
  try {
    return call();
  } catch (const InputError& e) {
    throw WrongValue(key, e.what());
  }
}

[[noreturn]] void out_of_range(const std::string& key, const std::string& value, const std::string& wanted) {
  throw WrongValue(key, key.substr(key.find('.') + 1) + " = " + value + "; it must be " + wanted);
}

void check_one_of(const std::string& key, const std::string& value, const Names& known) {
  if (std::ranges::find(known, value) == known.end())
    throw WrongValue(key, unknown(key.substr(key.find('.') + 1), value, known));
}

void check_least(const std::string& key, std::int64_t value, std::int64_t least) {
  if (value < least) out_of_range(key, std::to_string(value), std::to_string(least) + " or more");
}

void check_more_than_zero(const std::string& key, double value) {
  if (!(value > 0 && std::isfinite(value))) out_of_range(key, text_of(value), "more than 0");
}

// A name becomes that of a folder.
void check_name(const std::string& name) {
  if (name.empty() || name == "." || name == ".." || name.find('/') != std::string::npos)
    out_of_range("name", "\"" + name + "\"", "a word without /");
}

// --- what judges, and what is judged

bool takes(const losses::Info& loss, metrics::Targets targets) {
  return loss.targets == targets || loss.takes_both;
}

[[noreturn]] void does_not_judge(const std::string& key, std::string_view name, metrics::Targets targets,
                                 const Names& others) {
  const bool classes = targets == metrics::Targets::classes;
  throw WrongValue(
      key, (key == "metrics" ? "metric" : key) + " " + std::string(name) + " judges " +
               (classes ? "values, but the targets are classes" : "classes, but the targets are values") +
               "; take one of " + listed(others));
}

void check_loss(const losses::Loss& loss, metrics::Targets targets) {
  if (!takes(loss.info(), targets)) {
    Names others;
    for (const losses::Info& info : losses::loss_infos())
      if (takes(info, targets)) others.emplace_back(info.name);
    does_not_judge("loss", loss.name, targets, others);
  }
  if (targets == metrics::Targets::values && (loss.balanced || !loss.weights.empty()))
    throw WrongValue("loss", "loss " + loss.text() + ": it weighs classes, but the targets are values");
}

void check_metric(const std::string& key, const std::string& name, metrics::Targets targets) {
  const metrics::Info metric = about(key, [&] { return describe_metric(name); });
  if (name == "loss" || metric.targets == targets) return;
  Names others;
  for (const metrics::Info& info : metrics::metric_infos())
    if (info.targets == targets) others.emplace_back(info.name);
  does_not_judge(key, name, targets, others);
}

// An autoencoder returns pictures.
void check_predicts(const Problem& problem) {
  check_one_of("predicts", problem.predicts, {"target", "inputs"});
  static const Names pictures{"pictures", "idx", "cifar"};
  if (problem.predicts == "inputs" && problem.source &&
      std::ranges::find(pictures, problem.source->kind) == pictures.end())
    out_of_range("predicts", "\"inputs\"", "target for data of the kind " + problem.source->kind);
}

// A share of the data for a part that must not be empty.
void check_share(const std::string& key, double share) {
  if (!(share > 0 && share < 1)) out_of_range(key, text_of(share), "a share between 0 and 1");
}

// Data may bring their own test: then the share of it does not matter.
void check_test(const data::Source& source) {
  static const Names whole{"table", "sparse", "text", "series"};
  if (source.test == 0 && (!source.test_file.empty() || std::ranges::find(whole, source.kind) == whole.end()))
    return;
  check_share("data.test", source.test);
}

void check(const data::Source& source) {
  check_one_of("data.targets", source.targets, {"classes", "values"});
  check_one_of("data.categories", source.categories, {"one-hot", "embed"});
  check_one_of("data.unit", source.unit, {"characters", "bytes"});
  check_test(source);
  check_share("data.validation", source.validation);
  check_least("data.window", source.window, 1);
  check_least("data.horizon", source.horizon, 1);
  check_least("data.count", source.count, 8);
}

// The data, the network, the loss and the metrics, which a program brings itself.
void check_what_trains(const Problem& problem) {
  if (problem.layers.empty() && problem.torchscript.empty()) throw InputError("it has no network");
  if (!problem.layers.empty() && !problem.torchscript.empty())
    throw WrongValue("network", "it has a network of layers and one of TorchScript; keep one");
  if (problem.data.empty() && !problem.source) throw InputError("it has no data");
  if (problem.source) check(*problem.source);
  check_predicts(problem);
  check_loss(about("loss", [&] { return losses::Loss::parse(problem.loss); }), targets_of(problem));
  check_metric("metric", problem.metric, targets_of(problem));
  for (const std::string& name : problem.metrics) check_metric("metrics", name, targets_of(problem));
}

}  // namespace

void check(const Problem& problem) {
  check_name(problem.name);
  if (problem.program)
    about("program", [&] { check(*problem.program); });
  else
    check_what_trains(problem);
  if (!std::isfinite(problem.target)) out_of_range("target", text_of(problem.target), "a finite number");
  check_more_than_zero("images_per_second", problem.images_per_second);
  check_least("epochs", problem.epochs, 1);
  check_least("batch_size", problem.batch_size, 1);
  check_least("train_size", problem.train_size, 0);
}

}  // namespace basin
