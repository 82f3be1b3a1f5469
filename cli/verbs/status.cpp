// basin status: shows the progress of a study.
#include <fmt/format.h>

#include <array>
#include <memory>

#include "basin/app/label.hpp"
#include "basin/app/study_folder.hpp"
#include "basin/app/units.hpp"
#include "cli/metric_text.hpp"
#include "cli/text_table.hpp"
#include "cli/values.hpp"
#include "cli/verbs.hpp"

namespace basin::cli {
namespace {

using study::State;

std::string counts(const std::vector<study::StoredTrial>& trials) {
  std::string out;
  for (const State state :
       {State::complete, State::diverged, State::failed, State::pruned, State::running, State::waiting}) {
    const auto n = std::ranges::count(trials, state, [](const auto& stored) { return stored.result.state; });
    if (n > 0) out += fmt::format("{}{} {}", out.empty() ? "" : ", ", n, study::name_of(state));
  }
  return out;
}

std::vector<std::string> row_of(const study::StoredTrial& stored, const std::string& metric) {
  const study::Result& result = stored.result;
  return {std::to_string(stored.trial.number),
          app::label_of(stored.trial),
          study::name_of(result.state),
          std::to_string(stored.curve.size()),
          metric_text(metric, value_of(result.validation, metric)),
          app::significant(value_of(result.validation, "loss")),
          app::duration_text(result.seconds),
          result.reason};
}

int print_status(const std::string& path) {
  const auto [study, trials] = app::read_study({path});
  const std::string metric = study::metric_of(study).name;
  std::vector<std::vector<std::string>> rows;
  for (const study::StoredTrial& stored : trials) rows.push_back(row_of(stored, metric));
  fmt::print("{}: {} trial{}, {}\n\n", study.name, trials.size(), trials.size() == 1 ? "" : "s",
             counts(trials));
  fmt::print("{}", text_table({{"#", Align::right},
                               {"trial"},
                               {"state"},
                               {"epochs", Align::right},
                               {"val " + column_name(metric), Align::right},
                               {"val loss", Align::right},
                               {"time", Align::right},
                               {"reason"}},
                              rows));
  return 0;
}

}  // namespace

Verb status() {
  return {"status", "The progress of a study: the state of each trial", "basin status runs/fmnist-cnn-1",
          [](CLI::App& app) -> Action {
            const auto folder = std::make_shared<std::optional<std::string>>();
            argument(app, "dir", *folder, "the folder of the study");
            return [folder] { return print_status(wanted("DIR", *folder)); };
          }};
}

}  // namespace basin::cli
