// basin lr-find: at which learning rate does the loss fall fastest?
#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "basin/core/error.hpp"
#include "basin/data/data_sets.hpp"
#include "basin/records/json.hpp"
#include "basin/schedules/range_test.hpp"
#include "basin/study/pool.hpp"
#include "cli/interrupt.hpp"
#include "cli/one_worker.hpp"
#include "cli/options.hpp"
#include "cli/patience.hpp"
#include "cli/plan.hpp"
#include "cli/plot.hpp"
#include "cli/problem_lookup.hpp"
#include "cli/units.hpp"
#include "cli/verbs.hpp"
#include "cli/worker_program.hpp"

namespace basin::cli {
namespace {

namespace fs = std::filesystem;

std::optional<std::vector<double>> losses_of(const Request& request, study::ProblemInfo info,
                                             const study::Trial& trial, const RangeTest& test) {
  const fs::path worker = find_worker(request.worker);
  const study::Settings settings{
      .problem = info.problem.name,
      .seed = request.settings.seed,
      .train_size = request.settings.train_size > 0 ? request.settings.train_size : info.problem.train_size,
      .threads = request.settings.threads};
  std::optional<data::SharedSet> set;
  if (!info.problem.data.empty()) {
    const Patience patience(fmt::format("reading {} ...", info.problem.data), stderr);
    set = data::load(info.problem.data, request.data_dir);
    take_counts(info, {set->view().train_count(), set->view().test_count()});
  }
  check_sizes(info, settings.train_size, std::span(&trial, 1));
  const LogFolder logs("lr-find");
  const Interrupt interrupt;
  study::PoolSettings pool_settings{
      .program = worker.string(), .arguments = {}, .threads = settings.threads, .logs = logs.path().string()};
  if (set) pool_settings.data = set->fd(), pool_settings.data_bytes = set->bytes();
  study::Pool pool(pool_settings);
  const auto answer = ask(pool,
                          {{"type", "range"},
                           {"trial", trial},
                           {"settings", settings},
                           {"weights", ""},
                           {"from", test.from},
                           {"to", test.to},
                           {"steps", test.steps}},
                          interrupt.token());
  if (!answer) return std::nullopt;
  std::vector<double> losses;
  for (const study::Json& loss : answer->at("losses"))
    losses.push_back(loss.is_null() ? study::not_known : loss.get<double>());
  return losses;
}

void print(const RangeCurve& curve, const RangeTest& test, const study::Trial& trial) {
  const auto [low, high] = std::ranges::minmax(curve.smooth);
  const PlotPoints points[] = {{curve.rates, curve.losses, '.'}, {curve.rates, curve.smooth, 'o'}};
  fmt::print("{}",
             plot(points, low - 0.05 * (high - low), high + 0.05 * (high - low), curve.suggestion, 70, 16));
  if (curve.rates.size() < static_cast<std::size_t>(test.steps))
    fmt::print("the loss exploded after {} of {} steps\n", curve.rates.size(), test.steps);
  fmt::print(
      "suggested rate for {}: {:.2g}, where the loss falls fastest (a tenth of the lowest point: {:.2g})\n",
      trial.config.optimizer, curve.suggestion, curve.minimum_tenth);
}

void print_json(const RangeCurve& curve, const study::ProblemInfo& info, const study::Trial& trial) {
  const nlohmann::ordered_json out{{"format", "basin-lr-find"},      {"version", 1},
                                   {"problem", info.problem.name},   {"config", study::Json(trial.config)},
                                   {"suggestion", curve.suggestion}, {"minimum_tenth", curve.minimum_tenth},
                                   {"rates", curve.rates},           {"losses", curve.losses},
                                   {"smooth", curve.smooth}};
  fmt::print("{}\n", out.dump(2));
}

int run(const Asked& asked) {
  const Request& request = asked.request;
  const RangeTest& test = asked.range;
  test.check();
  const study::ProblemInfo info = find_problem(request.problem, request.worker);
  if (request.arms.batch_sizes.front() == full_batch)
    throw InputError("--batch-size full: a range test takes a step for each rate; name a number");
  const study::Trial trial = study::make_trials(request.arms, request.design, 1).front();
  check_groups(trial.config, info.problem);
  const auto losses = losses_of(request, info, trial, test);
  if (!losses) return 130;
  const RangeCurve curve = range_curve(test, *losses);
  if (asked.json)
    print_json(curve, info, trial);
  else
    print(curve, test, trial);
  return 0;
}

}  // namespace

Verb lr_find() {
  return {"lr-find", "Find a learning rate: the loss while the rate grows",
          "basin lr-find fmnist-cnn --optimizer adam", [](CLI::App& app) -> Action {
            const auto given = std::make_shared<Given>();
            declare_options(app, *given);
            return [given] { return run(asked("lr-find", *given)); };
          }};
}

}  // namespace basin::cli
