// basin compare: which optimizer, learning rate, batch size and initializer for this network and this data?
#include <memory>

#include "cli/command_line.hpp"
#include "cli/experiment.hpp"
#include "cli/verbs.hpp"

namespace basin::cli {
namespace {

ExperimentArguments defaults() {
  ExperimentArguments out;
  out.optimizers = "sgd,momentum,rmsprop,adam";
  return out;
}

void declare(CLI::App& app, ExperimentArguments& a) {
  argument(app, "problem", a.problem, "a problem of basin list problems, or of --worker");
  argument(app, "--optimizers", a.optimizers,
           "optimizers, with commas between; all; links before and after: clip_norm:1+adam");
  argument(app, "--lr", a.lr, "learning rates; each optimizer's own default when left out");
  argument(app, "--batch-size", a.batch_size, "batch sizes");
  argument(app, "--init", a.init, "initializers");
  argument(app, "--design", a.design,
           "ofat: one factor at a time round the first value of each list; grid: all");
  argument(app, "--seeds", a.seeds, "replicates of each configuration, paired across all");
  declare_common(app, a);
}

}  // namespace

Verb compare() {
  return {"compare", "Compare optimizers and their settings on one problem",
          "basin compare fmnist-cnn --optimizers sgd,adam --lr 0.1,0.01,0.001 --seeds 3 --epochs 3",
          [](CLI::App& app) -> Action {
            const auto arguments = std::make_shared<ExperimentArguments>(defaults());
            declare(app, *arguments);
            return [arguments] {
              ExperimentOptions options = checked(*arguments, Lists::allowed);
              options.command = command_line("compare", *arguments, defaults());
              return run_experiment(options, Style::comparison);
            };
          }};
}

}  // namespace basin::cli
