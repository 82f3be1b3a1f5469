// basin train: one trial, with its curve and its test result.
#include <memory>

#include "cli/experiment.hpp"
#include "cli/options.hpp"
#include "cli/verbs.hpp"

namespace basin::cli {

Verb train() {
  return {"train", "Train one configuration: its curve and its test result",
          "basin train fmnist-cnn --optimizer adam --lr 0.001 --batch-size 64 --init he_normal",
          [](CLI::App& app) -> Action {
            const auto given = std::make_shared<Given>();
            declare_options(app, *given);
            return [given] { return run_experiment(asked("train", *given), Style::single_trial); };
          }};
}

}  // namespace basin::cli
