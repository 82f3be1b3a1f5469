#include "basin/app/find_rate.hpp"

#include "basin/app/load_data.hpp"
#include "basin/app/one_worker.hpp"
#include "basin/app/plan_checks.hpp"
#include "basin/app/problem_lookup.hpp"
#include "basin/app/worker_program.hpp"
#include "basin/core/error.hpp"
#include "basin/records/json.hpp"
#include "basin/study/design.hpp"

namespace basin::app {
namespace {

study::Trial trial_of(const Request& request, const FoundProblem& found) {
  const std::vector<std::int64_t>& sizes = request.arms.batch_sizes;
  if (!sizes.empty() && sizes.front() == full_batch)
    throw InputError("--batch-size full: a range test takes a step for each rate; name a number");
  study::Arms arms = request.arms;
  if (sizes.empty()) arms.batch_sizes = {found.info.problem.batch_size};
  study::Trial trial = study::make_trials(arms, request.design, 1).front();
  const Recipe recipe = recipe_of(trial.config);
  check_recipe(recipe, found.layers);
  check_suits(recipe, found.info.problem, form_of(found.info.problem, found.data.get()));
  return trial;
}

study::Settings settings_of(const Request& request, const Problem& problem) {
  const std::int64_t asked = request.settings.train_size;
  return {.problem = problem.name,
          .seed = request.settings.seed,
          .train_size = asked > 0 ? asked : problem.train_size,
          .threads = request.settings.threads};
}

std::vector<double> losses_in(const study::Json& answer) {
  std::vector<double> losses;
  for (const study::Json& loss : answer.at("losses"))
    losses.push_back(loss.is_null() ? study::not_known : loss.get<double>());
  return losses;
}

}  // namespace

std::optional<FoundRate> find_rate(const Request& request, const RangeTest& test, Observer& observer,
                                   std::stop_token stop) {
  test.check();
  check_numbers(request);
  const FoundProblem found = find_problem(request.problem, request.predict, request.worker, request.data_dir);
  study::ProblemInfo info = found.info;
  const study::Trial trial = trial_of(request, found);
  const std::filesystem::path worker = find_worker(request.worker);
  const study::Settings settings = settings_of(request, info.problem);
  const Data data = found.data ? found.data : load_data(info, request.data_dir, observer);
  check_sizes(info, settings.train_size, std::span(&trial, 1));
  const LogFolder logs("lr-find");
  study::PoolSettings pool_settings{
      .program = worker.string(), .arguments = {}, .threads = settings.threads, .logs = logs.path().string()};
  share(data, pool_settings);
  study::Pool pool(pool_settings);
  const auto answer = ask(pool,
                          {{"type", "range"},
                           {"trial", trial},
                           {"problem", info.problem},
                           {"settings", settings},
                           {"weights", ""},
                           {"from", test.from},
                           {"to", test.to},
                           {"steps", test.steps}},
                          stop);
  if (!answer) return std::nullopt;
  return FoundRate{info, trial, range_curve(test, losses_in(*answer))};
}

}  // namespace basin::app
