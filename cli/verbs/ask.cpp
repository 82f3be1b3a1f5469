// basin ask: the next trial of a search whose trials somebody else runs.
#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "basin/app/ask_tell.hpp"
#include "basin/core/knobs.hpp"
#include "cli/options.hpp"
#include "cli/values.hpp"
#include "cli/verbs.hpp"

namespace basin::cli {
namespace {

nlohmann::ordered_json json_of(const study::Trial& trial) {
  nlohmann::ordered_json config = nlohmann::ordered_json::object();
  for (const auto& [name, value] : trial.config.knobs) config[name] = value;
  for (const auto& [name, text] : trial.config.values) config[name] = text;
  return {{"number", trial.number}, {"replicate", trial.replicate}, {"config", config}};
}

int print_next(const std::string& folder, const Given& given) {
  const Asked asked = cli::asked("ask", given);
  const study::Trial trial = app::ask({folder}, asked.request);
  if (asked.json) {
    fmt::print("{}\n", json_of(trial).dump());
    return 0;
  }
  fmt::print("{} replicate={}", trial.number, trial.replicate);
  for (const auto& [name, value] : trial.config.knobs) fmt::print(" {}={}", name, text_of(value));
  for (const auto& [name, text] : trial.config.values) fmt::print(" {}={}", name, text);
  fmt::print("\n");
  return 0;
}

}  // namespace

Verb ask() {
  return {"ask", "The next trial of a search whose trials you run yourself; tell its result",
          "basin ask my-study --search lr=1e-5..1e-1 --metric 'val_loss min' --json",
          [](CLI::App& app) -> Action {
            const auto folder = std::make_shared<std::optional<std::string>>();
            const auto given = std::make_shared<Given>();
            argument(app, "dir", *folder, "the folder of the study; made by the first call");
            declare_options(app, *given);
            return [folder, given] { return print_next(wanted("DIR", *folder), *given); };
          }};
}

}  // namespace basin::cli
