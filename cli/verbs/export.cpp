// basin export: a study for other programs: the weights of a trial as safetensors, the curves for
// TensorBoard.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>

#include "basin/app/label.hpp"
#include "basin/app/places.hpp"
#include "basin/app/study_folder.hpp"
#include "basin/app/weights_file.hpp"
#include "basin/core/error.hpp"
#include "basin/report/tensorboard.hpp"
#include "cli/values.hpp"
#include "cli/verbs.hpp"

namespace basin::cli {
namespace {

namespace fs = std::filesystem;
using Trials = std::vector<study::StoredTrial>;

struct Arguments {
  std::optional<std::string> folder, weights, trial, tensorboard;
};

const study::StoredTrial& asked_trial(const std::string& text, const Trials& trials) {
  const auto number = whole("--trial", text, 0, static_cast<std::int64_t>(trials.size()) - 1);
  return trials[static_cast<std::size_t>(number)];
}

void export_weights(const app::StudyFolder& folder, const study::Study& study, const Trials& trials,
                    const std::optional<std::string>& trial, const fs::path& out) {
  const study::StoredTrial& stored = trial ? asked_trial(*trial, trials) : app::best_trial(study, trials);
  app::write_weights(folder, study, stored, out);
  fmt::print("weights      {}: trial {}, {}\n", out.string(), stored.trial.number,
             app::label_of(stored.trial));
}

void export_events(const study::Study& study, const Trials& trials, const fs::path& out) {
  std::vector<app::NamedBytes> files;
  for (report::EventFile& file : report::event_files(study, trials))
    files.push_back({std::move(file.path), std::move(file.bytes)});
  app::write_folder(out, files);
  const std::size_t runs = files.size() - 1;
  fmt::print("tensorboard  {}: {} run{}; view it with: tensorboard --logdir {}\n", out.string(), runs,
             runs == 1 ? "" : "s", out.string());
}

// Checks everything before it writes anything.
int run(const Arguments& a) {
  const app::StudyFolder folder{wanted("DIR", a.folder)};
  const auto weights = path_of("--weights", a.weights), events = path_of("--tensorboard", a.tensorboard);
  if (!weights && !events)
    throw InputError("nothing to export; add --weights FILE.safetensors or --tensorboard FOLDER");
  if (a.trial && !weights) throw InputError("--trial selects the weights to export; add --weights FILE");
  const auto [study, trials] = app::read_study(folder);
  if (weights) app::check_file_place("--weights", *weights);
  if (events) app::check_new_folder("--tensorboard", *events);
  if (weights) export_weights(folder, study, trials, a.trial, *weights);
  if (events) export_events(study, trials, *events);
  return 0;
}

void declare(CLI::App& app, Arguments& a) {
  argument(app, "dir", a.folder, "the folder of the study");
  argument(app, "--weights", a.weights, "write the weights of a trial to this safetensors file");
  argument(app, "--trial", a.trial, "the trial whose weights to write; by default the best by validation");
  argument(app, "--tensorboard", a.tensorboard, "write event files, one run per trial, into this new folder");
}

}  // namespace

Verb export_() {
  return {"export", "A study for other programs: weights as safetensors, curves for TensorBoard",
          "basin export runs/fmnist-cnn-1 --weights best.safetensors --tensorboard logs",
          [](CLI::App& app) -> Action {
            const auto arguments = std::make_shared<Arguments>();
            declare(app, *arguments);
            return [arguments] { return run(*arguments); };
          }};
}

}  // namespace basin::cli
