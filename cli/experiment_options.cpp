#include "cli/experiment_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "basin/core/names.hpp"
#include "basin/data/augmentation.hpp"
#include "basin/kernels/chain.hpp"
#include "basin/network/groups.hpp"
#include "basin/network/initializers.hpp"
#include "basin/network/regularization.hpp"
#include "basin/rules/catalogue.hpp"
#include "basin/schedules/text.hpp"
#include "cli/values.hpp"

namespace basin::cli {
namespace {

constexpr std::int64_t largest = 1'000'000'000;
constexpr Range longest_wait{0, 1e9, false, true, 1, 1e9, Scale::log, "a number of seconds, 0 or more"};

std::vector<std::string> list(std::string_view option, std::string_view text, Lists lists) {
  std::vector<std::string> parts = items(option, text);
  if (lists == Lists::refused && parts.size() > 1)
    throw InputError(
        fmt::format("{}: train wants one value, found {}; compare takes lists", option, parts.size()));
  return parts;
}

int small(std::string_view option, std::string_view text, int high) {
  return static_cast<int>(whole(option, text, 1, high));
}

// One --set: `adam.beta2=0.99,0.999`, `adam.dialect=keras`.
struct Setting {
  std::string optimizer, knob;
  std::vector<std::string> values;
};

Setting setting_of(const std::string& text, Lists lists) {
  const std::size_t equals = text.find('=');
  const std::size_t dot = text.rfind('.', equals);  // a chain's settings may have points of their own
  if (dot == std::string::npos || equals == std::string::npos)
    throw InputError(
        fmt::format("--set: '{}' is not OPTIMIZER.KNOB=VALUES; write it like adam.beta2=0.99,0.999", text));
  return {text.substr(0, dot), text.substr(dot + 1, equals - dot - 1),
          list("--set " + text.substr(0, equals), text.substr(equals + 1), lists)};
}

// make_trials checks the names and the range.
study::KnobValues knob_values(const Setting& setting) {
  study::KnobValues out{setting.optimizer, setting.knob, {}};
  for (const std::string& item : setting.values)
    out.values.push_back(number("--set " + setting.optimizer + "." + setting.knob, item));
  return out;
}

// `all` stands for every optimizer of the catalogue, in PyTorch's dialect.
std::vector<std::string> optimizers(const ExperimentArguments& a, Lists lists) {
  const char* const option = lists == Lists::refused ? "--optimizer" : "--optimizers";
  std::vector<std::string> out;
  for (const std::string& name : list(option, a.optimizers, lists)) {
    if (name == "all" && lists == Lists::allowed)
      for (const RuleInfo& info : catalogue()) {
        if (info.dialect_of.empty()) out.push_back(info.name);
      }
    else
      out.push_back(name);
  }
  for (const std::string& name : out) kernels::Chain::parse(name);  // throws
  return out;
}

// Puts its dialects in the place of an optimizer, and gives each of them what --set has for it.
void speak(study::Arms& arms, const Setting& setting) {
  std::vector<std::string> spoken;
  for (const std::string& dialect : setting.values) {
    spoken.push_back(in_dialect(setting.optimizer, dialect));
    kernels::Chain::parse(spoken.back());  // throws, where its links or settings do not suit this dialect
  }
  std::vector<std::string> optimizers;
  for (const std::string& optimizer : arms.optimizers) {
    if (optimizer != setting.optimizer)
      optimizers.push_back(optimizer);
    else
      optimizers.insert(optimizers.end(), spoken.begin(), spoken.end());
  }
  std::vector<study::KnobValues> knobs;
  for (const study::KnobValues& knob : arms.knobs) {
    if (knob.optimizer != setting.optimizer)
      knobs.push_back(knob);
    else
      for (const std::string& optimizer : spoken) knobs.push_back({optimizer, knob.knob, knob.values});
  }
  arms.optimizers = optimizers, arms.knobs = knobs;
}

// Puts clipping by the global norm before every optimizer, and its new name where --set had the old one.
void clip(study::Arms& arms, const std::string& limit) {
  const std::string link =
      fmt::format("clip_global_norm:{}+", text_of(number_in(domain::limit, "--clip", limit)));
  for (study::KnobValues& knob : arms.knobs)
    if (std::ranges::find(arms.optimizers, knob.optimizer) != arms.optimizers.end())
      knob.optimizer.insert(0, link);
  for (std::string& optimizer : arms.optimizers) optimizer.insert(0, link);
}

// Every one is read once, so that a wrong one is refused here.
std::map<std::string, std::vector<std::string>> words(const ExperimentArguments& a, Lists lists) {
  std::map<std::string, std::vector<std::string>> out;
  const auto take = [&](const char* name, const std::vector<std::string>& texts, auto read) {
    if (lists == Lists::refused && texts.size() > 1)
      throw InputError(
          fmt::format("--{}: train wants one, found {}; compare takes several", name, texts.size()));
    for (const std::string& text : texts) read(text);
    if (!texts.empty()) out[name] = texts;
  };
  take("init", list("--init", a.init, lists), nn::Initialization::parse);
  take("schedule", a.schedules, parse_schedules);
  take("regularize", a.regularize, nn::parse_regularization);
  take("augment", a.augment, data::parse_augmentation);
  take("groups", a.groups, nn::parse_groups);
  take("normalize", list("--normalize", a.normalize, lists), [](const std::string& text) {
    if (text != "on" && text != "off")
      throw InputError(fmt::format("--normalize: '{}' is not on or off", text));
  });
  return out;
}

void set(study::Arms& arms, const std::vector<std::string>& texts, Lists lists) {
  std::vector<Setting> dialects;
  for (const std::string& text : texts) {
    Setting setting = setting_of(text, lists);
    if (setting.knob != "dialect") {
      arms.knobs.push_back(knob_values(setting));
      continue;
    }
    if (std::ranges::find(dialects, setting.optimizer, &Setting::optimizer) != dialects.end())
      throw InputError("--set " + setting.optimizer + ".dialect: it is given more than once");
    if (std::ranges::find(arms.optimizers, setting.optimizer) == arms.optimizers.end())
      throw InputError(setting.optimizer + ".dialect: " + setting.optimizer +
                       " is not among the optimizers, " + listed(arms.optimizers));
    dialects.push_back(std::move(setting));
  }
  for (const Setting& setting : dialects) speak(arms, setting);
}

study::Arms arms(const ExperimentArguments& a, Lists lists) {
  study::Arms out;
  out.optimizers = optimizers(a, lists);
  if (a.lr) {
    for (const std::string& item : list("--lr", *a.lr, lists))
      out.lr.push_back(number_in(domain::rate, "--lr", item));
  }
  out.batch_sizes.clear();
  for (const std::string& item : list("--batch-size", a.batch_size, lists))
    out.batch_sizes.push_back(item == "full" ? full_batch : whole("--batch-size", item, 1, largest));
  out.words = words(a, lists);
  set(out, a.set, lists);
  if (a.clip) clip(out, *a.clip);
  return out;
}

study::Plateau plateau(const std::string& text) {
  study::Plateau out;
  if (text.empty()) return out;
  const std::vector<std::string> parts = items("--plateau", text);
  if (parts.size() != 2 && !(parts.size() == 3 && (parts[2] == "keras" || parts[2] == "pytorch")))
    throw InputError(
        fmt::format("--plateau: '{}' is not FACTOR,PATIENCE; write it like 0.1,10 or 0.1,10,pytorch", text));
  if (parts.size() == 3) out.dialect = parts[2];
  static constexpr Range factor{0, 1, true, true, 0, 1, Scale::linear, "between 0 and 1"};
  out.factor = number_in(factor, "--plateau", parts[0]);
  out.patience = small("--plateau", parts[1], largest);
  return out;
}

void repeated(CLI::App& app, const char* name, std::vector<std::string>& target, const char* help) {
  app.add_option(name, target, help)->type_size(1)->allow_extra_args(false);
}

}  // namespace

void declare_training(CLI::App& app, ExperimentArguments& a) {
  argument(app, "--train-size", a.train_size, "training images to use; all when left out");
  repeated(app, "--set", a.set,
           "values of any other knob: adam.beta2=0.99,0.999; adam.dialect=keras (may be given again)");
  repeated(app, "--regularize", a.regularize,
           "'l1 1e-5, l2 1e-4, label_smoothing 0.1, max_norm 3, dropout 0.5, ema 0.999, sam 0.05' or none "
           "(may be given again)");
  repeated(app, "--augment", a.augment,
           "'flip 0.5, crop 4, cutout 8, mixup 0.2' or none (may be given again)");
  repeated(app, "--groups", a.groups,
           "'norm bias: weight_decay 0; head: lr 0.1x' or none (basin list roles; may be given again)");
  argument(app, "--normalize", a.normalize, "inputs of mean 0 and variance 1: on or off");
  argument(app, "--clip", a.clip, "clip gradients to this global norm before every optimizer");
  argument(app, "--seed", a.seed, "of the study: initial weights, split and order follow from it");
  argument(app, "--threads", a.threads, "threads of one trial");
  argument(app, "--data-dir", a.data_dir, "the only folder to look for data in");
  argument(app, "--worker", a.worker, "the program that runs trials, with problems of its own");
}

void declare_common(CLI::App& app, ExperimentArguments& a) {
  declare_training(app, a);
  argument(app, "--epochs", a.epochs, "the budget of each trial; the problem's own when left out");
  repeated(app, "--schedule", a.schedules,
           "what the rate is multiplied by: 'warmup 500, cosine' (basin list schedules; may be given again)");
  argument(
      app, "--micro-batch", a.micro_batch,
      "examples that are run at once, their gradients added up to a batch; the whole batch when left out");
  argument(app, "--patience", a.patience,
           "stop a trial after so many epochs without a better validation loss");
  const auto set_plateau = [&a](const CLI::results_t& r) { return a.plateau = r.empty() ? "" : r[0], true; };
  app.add_option("--plateau", set_plateau,
                 "lower the rate on a plateau: FACTOR,PATIENCE (0.1,10) as Keras does, or 0.1,10,pytorch")
      ->expected(0, 1);
  argument(app, "--jobs", a.jobs, "trials that run at once; all cores when left out");
  argument(app, "--out", a.out, "the folder to write; a new runs/NAME-N when left out");
  app.add_flag("--resume", a.resume, "run only what is missing in --out, trials from their last checkpoint");
  argument(app, "--checkpoint-every", a.checkpoint_every,
           "seconds between the checkpoints of a trial; Ctrl-C writes one, too");
  argument(app, "--stalled-after", a.stalled_after,
           "seconds without a sign of life after which a worker is killed and its trial fails; 0 for never");
  app.add_flag("--dry-run", a.dry_run, "show the trials and an estimate of the time, write nothing");
  app.add_flag("--json", a.json, "print the study document on standard output, and nothing else");
}

ExperimentOptions checked(const ExperimentArguments& a, Lists lists) {
  ExperimentOptions out;
  out.problem = a.problem;
  out.arms = arms(a, lists);
  out.design = a.design;
  if (a.epochs) out.epochs = small("--epochs", *a.epochs, 1'000'000);
  if (a.train_size) out.train_size = whole("--train-size", *a.train_size, 1, largest);
  if (a.micro_batch) out.micro_batch = whole("--micro-batch", *a.micro_batch, 1, largest);
  out.seeds = small("--seeds", a.seeds, 10'000);
  out.seed = static_cast<std::uint64_t>(whole("--seed", a.seed, 0, std::numeric_limits<std::int64_t>::max()));
  out.threads = small("--threads", a.threads, 1024);
  if (a.jobs) out.jobs = small("--jobs", *a.jobs, 1024);
  out.checkpoint_every = number_in(domain::amount, "--checkpoint-every", a.checkpoint_every);
  out.stalled_after = number_in(longest_wait, "--stalled-after", a.stalled_after);
  if (a.patience) out.patience = study::Patience{small("--patience", *a.patience, largest)};
  if (a.plateau) out.plateau = plateau(*a.plateau);
  out.out = kept_path_of("--out", a.out);
  out.worker = kept_path_of("--worker", a.worker);
  out.data_dir = kept_path_of("--data-dir", a.data_dir);
  out.resume = a.resume;
  out.dry_run = a.dry_run;
  out.json = a.json;
  return out;
}

}  // namespace basin::cli
