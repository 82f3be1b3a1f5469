// basin compare: which optimizer, learning rate, batch size and initializer for this network and this data?
#include <memory>

#include "cli/experiment.hpp"
#include "cli/options.hpp"
#include "cli/verbs.hpp"

namespace basin::cli {

Verb compare() {
  return {"compare", "Compare optimizers and their settings on one problem",
          "basin compare fmnist-cnn --optimizers sgd,adam --lr 0.1,0.01,0.001 --seeds 3 --epochs 3",
          [](CLI::App& app) -> Action {
            const auto given = std::make_shared<Given>();
            declare_options(app, *given);
            return [given] { return run_experiment(asked("compare", *given), Style::comparison); };
          }};
}

}  // namespace basin::cli
