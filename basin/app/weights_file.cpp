#include "basin/app/weights_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "basin/app/problem_lookup.hpp"
#include "basin/core/error.hpp"
#include "basin/core/knobs.hpp"
#include "basin/core/whole_file.hpp"
#include "basin/data/data_sets.hpp"
#include "basin/records/json.hpp"
#include "basin/storage/file.hpp"
#include "basin/storage/safetensors.hpp"
#include "basin/study/problem_info.hpp"
#include "basin/study/ranking.hpp"
#include "basin/study/runner.hpp"

namespace basin::app {
namespace fs = std::filesystem;
namespace {

using study::StoredTrial;

fs::path place_of(const StudyFolder& folder, int number) {
  return study::weights_path(folder.weights().string(), number);
}

// Says what is left for someone who asks for weights that were not kept.
std::string kept_in(const StudyFolder& folder, const std::vector<study::Trial>& trials) {
  std::string out;
  for (const study::Trial& trial : trials) {
    if (fs::exists(place_of(folder, trial.number)))
      out += fmt::format("{}{}", out.empty() ? "" : ", ", trial.number);
  }
  return out.empty() ? "there are none here" : "here are those of: " + out;
}

// Says why no trial has any.
std::string no_weights(const std::vector<StoredTrial>& trials) {
  std::map<study::State, int> ended;
  for (const StoredTrial& stored : trials) ++ended[stored.result.state];
  if (ended[study::State::waiting] + ended[study::State::running] > 0)
    return "no trial has trained an epoch yet, so there are no weights";
  const auto count = static_cast<int>(trials.size());
  if (ended[study::State::diverged] == count)
    return fmt::format("there are no weights: {} diverged in the first epoch; a smaller rate may train",
                       count == 1 ? "its trial" : fmt::format("all of its {} trials", count));
  return fmt::format("there are no weights: {} of its trials diverged in the first epoch, {} failed",
                     ended[study::State::diverged], ended[study::State::failed]);
}

// Maps text to text, as the format requires. "pt": tensors in PyTorch's layout, which its readers require.
std::map<std::string, std::string> metadata_of(const study::Study& study, const StoredTrial& stored) {
  const auto info = nlohmann::json::parse(study.problem).get<study::ProblemInfo>();
  const Problem& problem = info.problem;
  std::map<std::string, std::string> out{{"format", "pt"},
                                         {"written_by", "basin"},
                                         {"problem", problem.name},
                                         {"layers", problem.layers},
                                         {"flatten", "height x width x channels"},
                                         {"settings", study::Json(stored.trial.config).dump()},
                                         {"seed", fmt::format("{}", study.settings.seed)},
                                         {"replicate", fmt::format("{}", stored.trial.replicate)},
                                         {"epoch", fmt::format("{}", stored.result.best_epoch)}};
  if (is_image_set(problem)) {
    const data::DataSet set = data::data_set(problem.data);
    out["data"] = set.name;
    out["input"] = fmt::format("{} x {} x {}", set.height, set.width, set.channels);
  }
  if (problem.layers.empty()) out.erase("layers"), out.erase("flatten");
  for (const auto& [name, value] : stored.result.validation)
    if (std::isfinite(value)) out["validation_" + name] = text_of(value);
  return out;
}

}  // namespace

const StoredTrial& best_trial(const study::Study& study, const std::vector<StoredTrial>& trials) {
  const Metric metric = study::metric_of(study);
  const auto ranking = study::rank(trials, metric, 0);
  const StoredTrial* best = nullptr;
  for (const int number : ranking.front().trials) {
    const StoredTrial& stored = trials.at(static_cast<std::size_t>(number));
    if (stored.result.best_epoch == 0) continue;
    if (best == nullptr || study::score(stored, metric) > study::score(*best, metric)) best = &stored;
  }
  if (best == nullptr) throw InputError(fmt::format("{}: {}", study.name, no_weights(trials)));
  return *best;
}

void write_weights(const StudyFolder& folder, const study::Study& study, const StoredTrial& stored,
                   const fs::path& out) {
  const fs::path from = place_of(folder, stored.trial.number);
  if (const study::Result& result = stored.result; !fs::exists(from) && result.best_epoch == 0)
    throw InputError(fmt::format("trial {} has no weights: it is {} and has not completed an epoch",
                                 stored.trial.number, study::name_of(result.state)));
  if (!fs::exists(from))
    throw InputError(fmt::format("trial {} has no weights: those of selected configurations are kept; {}",
                                 stored.trial.number, kept_in(folder, study.trials)));
  const std::vector<std::uint8_t> bytes = storage::read_file(from);
  const auto tensors = storage::parsed(from, [&] { return storage::parse_safetensors(bytes); });
  write_atomically(out, storage::safetensors(tensors, metadata_of(study, stored)));
}

}  // namespace basin::app
