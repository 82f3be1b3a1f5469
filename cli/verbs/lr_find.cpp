// basin lr-find: at which learning rate does the loss fall fastest?
#include <fmt/format.h>

#include <memory>

#include "basin/app/find_rate.hpp"
#include "basin/records/json.hpp"
#include "cli/interrupt.hpp"
#include "cli/options.hpp"
#include "cli/plot.hpp"
#include "cli/terminal.hpp"
#include "cli/verbs.hpp"

namespace basin::cli {
namespace {

void print(const app::FoundRate& found, const RangeTest& test) {
  const RangeCurve& curve = found.curve;
  const auto [low, high] = std::ranges::minmax(curve.smooth);
  const PlotPoints points[] = {{curve.rates, curve.losses, '.'}, {curve.rates, curve.smooth, 'o'}};
  fmt::print("{}",
             plot(points, low - 0.05 * (high - low), high + 0.05 * (high - low), curve.suggestion, 70, 16));
  if (curve.rates.size() < static_cast<std::size_t>(test.steps))
    fmt::print("the loss exploded after {} of {} steps\n", curve.rates.size(), test.steps);
  fmt::print(
      "suggested rate for {}: {:.2g}, where the loss falls fastest (a tenth of the lowest point: {:.2g})\n",
      found.trial.config.optimizer, curve.suggestion, curve.minimum_tenth);
}

void print_json(const app::FoundRate& found) {
  const RangeCurve& curve = found.curve;
  const nlohmann::ordered_json out{{"format", "basin-lr-find"},
                                   {"version", 1},
                                   {"problem", found.problem.problem.name},
                                   {"config", study::Json(found.trial.config)},
                                   {"suggestion", curve.suggestion},
                                   {"minimum_tenth", curve.minimum_tenth},
                                   {"rates", curve.rates},
                                   {"losses", curve.losses},
                                   {"smooth", curve.smooth}};
  fmt::print("{}\n", out.dump(2));
}

int run(const Asked& asked) {
  const Interrupt interrupt;
  Terminal terminal(Style::single_trial, stderr);
  const auto found = app::find_rate(asked.request, asked.range, terminal, interrupt.token());
  if (!found) return 130;
  if (asked.json)
    print_json(*found);
  else
    print(*found, asked.range);
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
