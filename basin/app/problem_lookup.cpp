#include "basin/app/problem_lookup.hpp"

#include "basin/app/units.hpp"
#include "basin/app/worker_program.hpp"
#include "basin/core/error.hpp"
#include "basin/core/knobs.hpp"
#include "basin/core/names.hpp"
#include "basin/data/checksums.hpp"
#include "basin/data/data_sets.hpp"
#include "basin/data/kinds/kinds.hpp"
#include "basin/data/kinds/stream_set.hpp"
#include "basin/data/read_source.hpp"
#include "basin/data/readers/data_file.hpp"
#include "basin/losses/loss.hpp"
#include "basin/problems/detect.hpp"
#include "basin/problems/file.hpp"
#include "basin/problems/problems.hpp"
#include "basin/recipe/input_shape.hpp"
#include "basin/storage/file.hpp"

namespace basin::app {
namespace {

namespace fs = std::filesystem;

// Counts the examples of each part as data_examples will (train/data_examples.hpp).
void count_examples(study::ProblemInfo& info, const data::SharedSet& set, const data::Source& source) {
  const std::int64_t train = data::count_of(set, "train"), test = data::count_of(set, "test");
  const std::string kind = data::kind_of(set);
  if (kind != "text" && kind != "series") {
    info.validation_count = data::share_of(source.validation, train);
    info.train_count = train - info.validation_count;
    info.test_count = test;
    return;
  }
  const data::TrainingSteps steps = data::training_steps(train, source.validation);
  const auto windows = [&](std::int64_t count) {
    return kind == "text" ? data::text_windows(count, source) : data::series_windows(count, source);
  };
  info.train_count = windows(steps.train.count());
  info.validation_count = windows(steps.validation.count());
  info.test_count = windows(test);
}

// A module of TorchScript is a zip archive; libtorch, in the worker, says more.
void check_module(const std::string& file) {
  const std::vector<std::uint8_t> begin = storage::read_part(file, 0, 2);
  if (begin.size() < 2 || begin[0] != 'P' || begin[1] != 'K')
    throw InputError(file +
                     ": it is not a module of TorchScript; save one with torch.jit.script(model).save(...)");
}

// Weights, gradients, and as much again for an optimizer.
void check_memory(const study::ProblemInfo& info) {
  constexpr std::int64_t bytes_a_weight = 16;
  if (info.parameters <= static_cast<std::int64_t>(data::machine_memory()) / bytes_a_weight) return;
  throw InputError("the network of " + info.problem.name + " has " + grouped(info.parameters) +
                   " weights, which need " + bytes_text(info.parameters * bytes_a_weight) +
                   "; this machine has " + bytes_text(static_cast<std::int64_t>(data::machine_memory())));
}

void check_weights(const Problem& problem, const data::SharedSet& set) {
  const auto weights = static_cast<std::int64_t>(losses::Loss::parse(problem.loss).weights.size());
  const std::int64_t classes = data::classes_of(set);
  if (weights == 0 || weights == classes) return;
  throw InputError("loss = \"" + problem.loss + "\": it has " + std::to_string(weights) +
                   " weights, but there are " + std::to_string(classes) + " classes");
}

// Makes a data set of what was read, and describes what follows from it.
FoundProblem with_data(const Problem& problem, const data::Content& content) {
  const data::Source& source = *problem.source;
  FoundProblem out{.info = {.problem = problem}, .layers = {}, .data = {}, .seen = {}};
  out.data = std::make_shared<const data::SharedSet>(data::share(content, source));
  if (problem.torchscript.empty())
    out.layers = basin::layers_of(problem, input_shape(*out.data, source), data::outputs_of(*out.data));
  out.info.parameters = nn::parameter_count(out.layers);
  check_memory(out.info);
  check_weights(problem, *out.data);
  out.info.checksums = data::checksums(*out.data);
  count_examples(out.info, *out.data, source);
  if (out.info.validation_count < 1 || out.info.train_count < 1)
    throw InputError(source.file + ": of " + std::to_string(data::count_of(*out.data, "train")) +
                     " examples, validation = " + text_of(source.validation) + " leaves " +
                     std::to_string(out.info.train_count) + " to train on and " +
                     std::to_string(out.info.validation_count) +
                     " to validate with; there must be one of each");
  return out;
}

// A source of a built-in problem names files within its data set's folder.
Problem with_files(Problem problem, const std::optional<fs::path>& data_dir) {
  data::Source& source = *problem.source;
  if (source.kind == "made") return problem;
  const fs::path folder = data::locate_files(problem.data, source, data_dir);
  source.file = (folder / source.file).string();
  if (!source.test_file.empty()) source.test_file = (folder / source.test_file).string();
  return problem;
}

FoundProblem described(const Problem& problem) {
  if (!problem.source)
    return {.info = info_of(problem), .layers = layers_of(problem), .data = {}, .seen = {}};
  if (!problem.torchscript.empty()) check_module(problem.torchscript);
  return with_data(problem, data::parse(*problem.source));
}

void check_not_predicted(const std::string& name, const data::Names& predict) {
  if (!predict.empty()) throw InputError("--predict: " + name + " says itself what to predict; leave it out");
}

// No built-in problem has a name like this.
bool is_path(const std::string& name) { return name.find_first_of("./") != std::string::npos; }

FoundProblem built_in(const Problem& problem, const std::optional<fs::path>& data_dir) {
  return described(problem.source ? with_files(problem, data_dir) : problem);
}

}  // namespace

bool is_image_set(const Problem& problem) { return !problem.data.empty() && !problem.source; }

DataForm form_of(const Problem& problem, const data::SharedSet* data) {
  if (data) return basin::form_of(*data);
  if (!is_image_set(problem)) return {};
  const data::DataSet set = data::data_set(problem.data);
  return {"images", std::min<std::int64_t>(set.height, set.width)};
}

void check_has_data(const Problem& problem, const std::optional<fs::path>& data_dir) {
  if (is_image_set(problem))
    data::check_available(problem.data, data_dir);
  else if (problem.source)
    with_files(problem, data_dir);
}

bool has_data(const Problem& problem) {
  try {
    check_has_data(problem);
    return true;
  } catch (const InputError&) {
    return false;
  }
}

std::vector<nn::Layer> layers_of(const Problem& problem) {
  const data::DataSet set = data::data_set(problem.data);
  return basin::layers_of(problem, {set.height, set.width, set.channels}, set.classes);
}

study::ProblemInfo info_of(const Problem& problem) {
  const data::DataSet set = data::data_set(problem.data);
  return {problem, nn::parameter_count(layers_of(problem)), set.train - set.validation, set.validation, 0};
}

FoundProblem problem_for(const fs::path& data, const data::Names& predict) {
  const DetectedProblem detected = detect_problem(data, predict);
  FoundProblem out = with_data(detected.problem, detected.content);
  out.seen = detected.seen;
  return out;
}

FoundProblem find_problem(const std::string& name, const data::Names& predict,
                          const std::optional<fs::path>& worker, const std::optional<fs::path>& data_dir) {
  std::vector<std::string> names;
  for (const Problem& problem : problems()) {
    if (problem.name == name) return check_not_predicted(name, predict), built_in(problem, data_dir);
    names.push_back(problem.name);
  }
  if (is_problem_file(name)) {
    check_not_predicted(name, predict);
    return described(read_problem(name));
  }
  if (std::error_code error; fs::exists(name, error)) return problem_for(name, predict);
  if (!worker && is_path(name))
    throw InputError(name +
                     ": there is no such file or folder (basin list problems shows the built-in problems)");
  if (!worker)
    throw InputError(unknown("problem", name, names) +
                     " (there is no file of this name; one of your own program needs --worker PROGRAM)");
  for (const study::ProblemInfo& info : describe(find_worker(worker)).problems) {
    if (info.problem.name == name) return {.info = info, .layers = {}, .data = {}, .seen = {}};
    names.push_back(info.problem.name);
  }
  throw InputError(unknown("problem", name, names));
}

}  // namespace basin::app
