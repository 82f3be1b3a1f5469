// basin tune: which optimizer, if each is given the same number of trials to find its settings?
#include <memory>

#include "cli/experiment.hpp"
#include "cli/options.hpp"
#include "cli/verbs.hpp"

namespace basin::cli {

Verb tune() {
  return {"tune", "Search the settings of optimizers with equal budgets, and compare what was found",
          "basin tune fmnist-cnn --optimizers sgd,momentum,adam --trials 12 --epochs 3 --train-size 8000",
          [](CLI::App& app) -> Action {
            const auto given = std::make_shared<Given>();
            declare_options(app, *given);
            return [given] { return run_experiment(asked("tune", *given), Style::comparison); };
          }};
}

}  // namespace basin::cli
