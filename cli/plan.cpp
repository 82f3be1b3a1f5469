#include "cli/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "basin/core/error.hpp"
#include "basin/data/data_sets.hpp"
#include "basin/network/groups.hpp"
#include "basin/network/regularization.hpp"
#include "basin/rules/catalogue.hpp"
#include "basin/schedules/text.hpp"
#include "basin/study/cores.hpp"
#include "cli/files.hpp"
#include "cli/problem_lookup.hpp"
#include "cli/progress_text.hpp"
#include "cli/same_study.hpp"
#include "cli/units.hpp"
#include "cli/values.hpp"
#include "cli/worker_program.hpp"

namespace basin::cli {
namespace {

constexpr std::size_t most_trials = 100'000;

// Returns the number of examples; 0 if a user's own problem does not say.
std::int64_t trained_on(const study::ProblemInfo& info, std::int64_t train_size) {
  return train_size > 0 ? train_size : info.train_count;
}
std::int64_t trained_on(const Plan& plan) { return trained_on(plan.problem, plan.settings.train_size); }

// Takes the counts from the files, as far as they show at a glance. Errors in the files are reported later,
// after errors in the call.
void look_into_files(study::ProblemInfo& info, const std::optional<std::filesystem::path>& data_dir) {
  std::optional<data::Counts> counts;
  try {
    counts = data::check_available(info.problem.data, data_dir);
  } catch (const InputError&) {
  }
  if (counts) take_counts(info, *counts);
}

// Throws InputError for a mean of weights that are a mean already.
void check_mean(const study::Configuration& config) {
  if (nn::parse_regularization(config.regularize).ema == 0) return;
  const auto refuse = [](const kernels::AnyRule& rule) {
    if (rule.table().two_points)
      throw InputError(fmt::format("--regularize ema: {} is already evaluated at its own mean; leave ema out",
                                   rule.info().name));
  };
  refuse(kernels::Chain::parse(config.optimizer).rule);
  for (const nn::RoleGroup& group : nn::parse_groups(config.groups))
    if (group.chain) refuse(group.chain->rule);
}

// A full batch has all the training examples.
study::Arms arms_of(const Request& request, const Plan& plan) {
  study::Arms arms = request.arms;
  for (std::int64_t& size : arms.batch_sizes) {
    if (size != full_batch) continue;
    size = trained_on(plan);
    if (size == 0)
      throw InputError(fmt::format("--batch-size full: the problem {} does not say how many examples it has",
                                   plan.problem.problem.name));
  }
  return arms;
}

std::vector<study::Trial> trials_of(const Request& request, const Plan& plan) {
  const study::Arms arms = arms_of(request, plan);
  const std::size_t configurations = study::make_trials(arms, request.design, 1).size();
  if (configurations * static_cast<std::size_t>(request.seeds) > most_trials)
    throw InputError(fmt::format(
        "{} configurations with {} seeds each are more than {} trials; ask for fewer",
        grouped(static_cast<std::int64_t>(configurations)), grouped(request.seeds), grouped(most_trials)));
  return study::make_trials(arms, request.design, request.seeds);
}

study::Settings settings_of(const Request& request, const study::ProblemInfo& info) {
  study::Settings out = request.settings;
  out.problem = info.problem.name;
  if (out.epochs == 0) out.epochs = info.problem.epochs;
  if (out.train_size == 0) out.train_size = info.problem.train_size;
  out.checksums = info.checksums;
  return out;
}

StudyFolder folder_of(const Request& request) {
  if (!request.out) {
    if (request.resume) throw InputError("--resume: which study? name its folder with --out DIR");
    check_writable(runs);
    return {};
  }
  const StudyFolder folder{*request.out};
  check_utf8("--out", folder.name());  // of "." it is that of the folder where we are
  const Place place = look_at(folder);
  if (place == Place::something_else)
    throw InputError(
        fmt::format("--out: {} holds something else; name a new or an empty folder", folder.path.string()));
  if (place == Place::study && !request.resume)
    throw InputError(
        fmt::format("--out: {} already holds a study; add --resume to continue it, or name another folder",
                    folder.path.string()));
  check_writable(folder.path);
  return folder;
}

// An interrupted creation leaves a store without a study: nothing to resume. A study is continued only on
// request, and so not one that another process has created here since the folder was checked.
std::optional<study::Study> begun(const Plan& plan, bool resume) {
  if (!resume || look_at(plan.folder) != Place::study) return std::nullopt;
  auto held = study::read_sqlite(plan.folder.store());
  if (!held) return std::nullopt;
  check_same_study(held->study, plan);
  return std::move(held->study);
}

}  // namespace

Plan make_plan(const Request& request) {
  Plan plan;
  plan.problem = find_problem(request.problem, request.worker);
  const bool has_files = !plan.problem.problem.data.empty();
  if (has_files) look_into_files(plan.problem, request.data_dir);
  plan.settings = settings_of(request, plan.problem);
  plan.trials = trials_of(request, plan);
  check_sizes(plan.problem, plan.settings.train_size, plan.trials);
  check_schedules(plan);
  for (const study::Trial& trial : plan.trials) {
    check_groups(trial.config, plan.problem.problem);
    check_mean(trial.config);
  }
  plan.folder = folder_of(request);
  plan.begun = begun(plan, request.resume);
  if (has_files) data::check_available(plan.problem.problem.data, request.data_dir);
  const int wanted = request.jobs.value_or(std::max(1, study::available_cores() / request.settings.threads));
  plan.jobs = std::min(wanted, static_cast<int>(plan.trials.size()));
  return plan;
}

void take_counts(study::ProblemInfo& info, data::Counts counts) {
  const data::DataSet set = data::data_set(info.problem.data);
  info.validation_count = set.held_out(counts.train);
  info.train_count = counts.train - info.validation_count;
  info.test_count = counts.test;
  if (info.validation_count == 0)
    throw InputError(fmt::format(
        "{}: {} training image{} too few to hold one out for validation; there must be {} or more", set.name,
        counts.train, counts.train == 1 ? " is" : "s are",
        (set.train + set.validation - 1) / set.validation));
}

void check_sizes(const study::ProblemInfo& info, std::int64_t train_size,
                 std::span<const study::Trial> trials) {
  if (info.train_count > 0 && train_size > info.train_count)
    throw InputError(fmt::format("--train-size: {} is more than the {} images that {} has to train on",
                                 train_size, info.train_count, info.problem.name));
  const std::int64_t trained = trained_on(info, train_size), usual = study::Configuration{}.batch_size;
  for (const study::Trial& trial : trials)  // the default may, if nobody asked for it
    if (trained > 0 && trial.config.batch_size > trained && trial.config.batch_size != usual)
      throw InputError(fmt::format(
          "--batch-size: {} is more than the {} images that are trained on; --batch-size full takes them all",
          trial.config.batch_size, trained));
}

void check_schedules(const Plan& plan) {
  const std::int64_t trained = trained_on(plan);
  if (trained == 0) return;  // a user's own problem; its worker checks
  for (const study::Trial& trial : plan.trials) {
    const std::int64_t batch = trial.config.batch_size, per_epoch = (trained + batch - 1) / batch;
    for (const KnobSchedule& part : parse_schedules(trial.config.schedule)) {
      const RuleInfo& rule = find_rule(trial.config.optimizer);
      knob_index("--schedule: " + rule.name, rule.knobs, part.knob);  // these throw
      part.schedule.factor(0, {.total = per_epoch * plan.settings.epochs, .per_epoch = per_epoch});
    }
  }
}

void check_groups(const study::Configuration& config, const Problem& problem) {
  const auto groups = nn::parse_groups(config.groups);
  const auto chain = kernels::Chain::parse(config.optimizer, config.knobs);
  for (const nn::RoleGroup& group : groups) group.chain_in(chain);  // throws
  if (groups.empty() || problem.data.empty()) return;               // a user's own problem; its worker checks
  std::vector<nn::Role> there;
  for (const nn::LayerParameter& p : nn::parameters_of(layers_of(problem))) there.push_back(p.role);
  nn::check_inhabited(groups, there);
}

double estimated_seconds(const Plan& plan) {
  const study::ProblemInfo& info = plan.problem;
  // Evaluating an image costs only the forward pass: about a third of training on it.
  const double images =
      static_cast<double>(trained_on(plan)) + static_cast<double>(info.validation_count) / 3;
  const double trial = plan.settings.epochs * images / info.problem.images_per_second;
  return trial * static_cast<double>(plan.trials.size()) / plan.jobs;
}

std::string what_runs(const Plan& plan) {
  std::set<std::string> optimizers, configurations;
  int seeds = 0;
  for (const study::Trial& trial : plan.trials) {
    optimizers.insert(trial.config.optimizer);
    configurations.insert(label_of(trial.config));
    seeds = std::max(seeds, trial.replicate + 1);
  }
  const auto count = [](std::size_t n, const char* what) {
    return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s");
  };
  const std::int64_t images = trained_on(plan);
  return fmt::format("{} ({}, {}, {}), {}{}, {}", count(plan.trials.size(), "trial"),
                     count(optimizers.size(), "optimizer"), count(configurations.size(), "configuration"),
                     count(static_cast<std::size_t>(seeds), "seed"),
                     count(static_cast<std::size_t>(plan.settings.epochs), "epoch"),
                     images > 0 ? " of " + grouped(images) + " images" : "",
                     count(static_cast<std::size_t>(plan.jobs), "worker"));
}

std::string summary_of(const Plan& plan) {
  return fmt::format("{}, about {}", what_runs(plan), duration_text(estimated_seconds(plan)));
}

}  // namespace basin::cli
