#include "basin/app/plan.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "basin/app/places.hpp"
#include "basin/app/plan_checks.hpp"
#include "basin/app/problem_lookup.hpp"
#include "basin/app/same_study.hpp"
#include "basin/app/search_plan.hpp"
#include "basin/app/units.hpp"
#include "basin/core/error.hpp"
#include "basin/data/data_sets.hpp"
#include "basin/program/placeholders.hpp"
#include "basin/study/cores.hpp"

namespace basin::app {
namespace {

constexpr std::size_t most_trials = 100'000;

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

// A full batch has all the training examples.
study::Arms arms_of(const Request& request, const Plan& plan) {
  study::Arms arms = request.arms;
  if (arms.batch_sizes.empty()) arms.batch_sizes = {plan.problem.problem.batch_size};
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

void check_count(std::size_t trials) {
  if (trials > most_trials)
    throw InputError(fmt::format("{} trials are more than {}; ask for fewer",
                                 grouped(static_cast<std::int64_t>(trials)), grouped(most_trials)));
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

// 0 if the number of examples is not known: for a problem of one's own.
double warmup_of(const Plan& plan) {
  const std::int64_t trained = trained_on(plan), batch = plan.problem.problem.batch_size;
  if (trained == 0) return 0;
  const std::int64_t per_epoch = (trained + batch - 1) / batch;
  return longest_warmup(*plan.search, {per_epoch * plan.settings.epochs, per_epoch});
}

}  // namespace

std::int64_t trained_on(const Plan& plan) { return trained_on(plan.problem, plan.settings.train_size); }

std::size_t trial_count(const Plan& plan) {
  return plan.search ? study::trials_of(*plan.search) : plan.trials.size();
}

std::vector<study::Trial> trials_to_check(const Plan& plan) {
  return plan.search ? extremes(*plan.search) : plan.trials;
}

// The name of a program: of its script, if an interpreter runs one.
std::string name_of(const Program& program) {
  for (const std::string& word : program.command) {
    const std::filesystem::path path(word);
    if (path.has_extension() && !word.starts_with("-")) return path.filename().string();
  }
  return std::filesystem::path(program.command.front()).filename().string();
}

// A program brings everything but its parameters.
void plan_program(Plan& plan) {
  const Program& asked = *plan.request.program;
  check(asked);
  const std::string name = name_of(asked);
  plan.problem.problem = program_problem(name, asked);
  plan.settings = settings_of(plan.request, plan.problem);
  plan.search = program_search(*plan.request.search, name);
  Words parameters;
  for (const auto& parameter : plan.search->arms.front().space.parameters)
    parameters.push_back(parameter.name);
  program::check_placeholders(asked.command, parameters);
}

void plan_training(Plan& plan) {
  const Request& request = plan.request;
  FoundProblem found = find_problem(request.problem, request.predict, request.worker, request.data_dir);
  plan.problem = std::move(found.info), plan.layers = std::move(found.layers),
  plan.data = std::move(found.data), plan.seen = std::move(found.seen);
  const bool has_files = is_image_set(plan.problem.problem);
  if (has_files) look_into_files(plan.problem, request.data_dir);
  plan.settings = settings_of(request, plan.problem);
  if (request.search)
    plan.search = make_search(request, arms_of(request, plan));
  else
    plan.trials = trials_of(request, plan);
  const std::vector<study::Trial> trials = trials_to_check(plan);
  check_sizes(plan.problem, plan.settings.train_size, trials);
  check_schedules(plan.problem, plan.settings, trials);
  if (plan.search) plan.search->warmup = warmup_of(plan);
  const DataForm form = form_of(plan.problem.problem, plan.data.get());
  for (const study::Trial& trial : trials) {
    const Recipe recipe = recipe_of(trial.config);
    check_recipe(recipe, plan.layers);
    check_suits(recipe, plan.problem.problem, form);
  }
}

Plan make_plan(const Request& request) {
  check_numbers(request);
  Plan plan{.request = request};
  request.program ? plan_program(plan) : plan_training(plan);
  check_count(trial_count(plan));
  plan.folder = folder_of(request);
  plan.begun = begun(plan, request.resume);
  if (is_image_set(plan.problem.problem)) data::check_available(plan.problem.problem.data, request.data_dir);
  const int wanted = request.jobs.value_or(std::max(1, study::available_cores() / request.settings.threads));
  plan.jobs = std::min(wanted, static_cast<int>(trial_count(plan)));
  return plan;
}

double estimated_seconds(const Plan& plan) {
  const study::ProblemInfo& info = plan.problem;
  // Evaluating an image costs only the forward pass: about a third of training on it.
  const double images =
      static_cast<double>(trained_on(plan)) + static_cast<double>(info.validation_count) / 3;
  const double trial = plan.settings.epochs * images / info.problem.images_per_second;
  return trial * static_cast<double>(trial_count(plan)) / plan.jobs;
}

}  // namespace basin::app
