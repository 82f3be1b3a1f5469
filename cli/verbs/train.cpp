// basin train: one trial, with its curve and its test result.
#include <memory>

#include "cli/command_line.hpp"
#include "cli/experiment.hpp"
#include "cli/verbs.hpp"

namespace basin::cli {
namespace {

ExperimentArguments defaults() {
  ExperimentArguments out;
  out.optimizers = "adam";
  return out;
}

void declare(CLI::App& app, ExperimentArguments& a) {
  argument(app, "problem", a.problem, "a problem of basin list problems, or of --worker");
  argument(app, "--optimizer", a.optimizers, "the optimizer");
  argument(app, "--lr", a.lr, "the learning rate; the optimizer's own default when left out");
  argument(app, "--batch-size", a.batch_size, "the batch size");
  argument(app, "--init", a.init, "the initializer");
  declare_common(app, a);
}

}  // namespace

Verb train() {
  return {"train", "Train one configuration: its curve and its test accuracy",
          "basin train fmnist-cnn --optimizer adam --lr 0.001 --batch-size 64 --init he_normal",
          [](CLI::App& app) -> Action {
            const auto arguments = std::make_shared<ExperimentArguments>(defaults());
            declare(app, *arguments);
            return [arguments] {
              ExperimentOptions options = checked(*arguments, Lists::refused);
              options.command = command_line("train", *arguments, defaults());
              return run_experiment(options, Style::single_trial);
            };
          }};
}

}  // namespace basin::cli
