#include "basin/app/plan_checks.hpp"

#include <fmt/format.h>

#include "basin/app/problem_lookup.hpp"
#include "basin/core/error.hpp"
#include "basin/core/knobs.hpp"
#include "basin/data/data_sets.hpp"
#include "basin/rules/catalogue.hpp"
#include "basin/schedules/text.hpp"

namespace basin::app {
namespace {

void check_at_least(std::string_view name, std::int64_t value, std::int64_t low) {
  if (value < low) throw InputError(fmt::format("{} = {}; it must be {} or more", name, value, low));
}

void check_mean(const Recipe& recipe) {
  if (recipe.regularization.ema == 0) return;
  const auto refuse = [](const kernels::AnyRule& rule) {
    if (rule.table().two_points)
      throw InputError(fmt::format("--regularize ema: {} is already evaluated at its own mean; leave ema out",
                                   rule.info().name));
  };
  refuse(recipe.chain.rule);
  for (const nn::RoleGroup& group : recipe.groups)
    if (group.chain) refuse(group.chain->rule);
}

}  // namespace

void check_numbers(const Request& request) {
  const study::Settings& settings = request.settings;
  check_at_least("epochs", settings.epochs, 0);
  check_at_least("train_size", settings.train_size, 0);
  check_at_least("micro_batch", settings.micro_batch, 0);
  check_at_least("threads", settings.threads, 1);
  check_at_least("seeds", request.seeds, 1);
  check_at_least("jobs", request.jobs.value_or(1), 1);
  check_range("request", "checkpoint_every", request.checkpoint_every, domain::amount);
  check_range("request", "stalled_after", request.stalled_after, longest_silence);
}

std::int64_t trained_on(const study::ProblemInfo& info, std::int64_t train_size) {
  return train_size > 0 ? train_size : info.train_count;
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
    throw InputError(fmt::format("--train-size: {} is more than the {} examples that {} has to train on",
                                 train_size, info.train_count, info.problem.name));
  const std::int64_t trained = trained_on(info, train_size), usual = info.problem.batch_size;
  for (const study::Trial& trial : trials)  // the default may, if nobody asked for it
    if (trained > 0 && trial.config.batch_size > trained && trial.config.batch_size != usual)
      throw InputError(
          fmt::format("--batch-size: {} is more than the {} examples that are trained on; --batch-size full "
                      "takes them all",
                      trial.config.batch_size, trained));
}

void check_schedules(const study::ProblemInfo& info, const study::Settings& settings,
                     std::span<const study::Trial> trials) {
  const std::int64_t trained = trained_on(info, settings.train_size);
  if (trained == 0) return;  // a user's own problem; its worker checks
  for (const study::Trial& trial : trials) {
    const std::int64_t batch = trial.config.batch_size, per_epoch = (trained + batch - 1) / batch;
    for (const KnobSchedule& part : parse_schedules(trial.config.schedule)) {
      const RuleInfo& rule = find_rule(trial.config.optimizer);
      knob_index("--schedule: " + rule.name, rule.knobs, part.knob);  // these throw
      part.schedule.factor(0, {.total = per_epoch * settings.epochs, .per_epoch = per_epoch});
    }
  }
}

void check_recipe(const Recipe& recipe, std::span<const nn::Layer> layers) {
  for (const nn::RoleGroup& group : recipe.groups) group.chain_in(recipe.chain);  // throws
  check_mean(recipe);
  if (recipe.groups.empty() || layers.empty()) return;  // a user's own problem; its worker checks
  std::vector<nn::Role> there;
  for (const nn::LayerParameter& p : nn::parameters_of({layers.begin(), layers.end()}))
    there.push_back(p.role);
  nn::check_inhabited(recipe.groups, there);
}

}  // namespace basin::app
