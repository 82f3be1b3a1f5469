#include "basin/app/problem_lookup.hpp"

#include "basin/app/worker_program.hpp"
#include "basin/core/error.hpp"
#include "basin/core/names.hpp"
#include "basin/data/data_sets.hpp"
#include "basin/problems/problems.hpp"

namespace basin::app {

std::vector<nn::Layer> layers_of(const Problem& problem) {
  const data::DataSet set = data::data_set(problem.data);
  return nn::parse_layers(problem.layers, {set.height, set.width, set.channels});
}

study::ProblemInfo info_of(const Problem& problem) {
  const data::DataSet set = data::data_set(problem.data);
  return {problem, nn::parameter_count(layers_of(problem)), set.train - set.validation, set.validation, 0};
}

study::ProblemInfo find_problem(const std::string& name, const std::optional<std::filesystem::path>& worker) {
  std::vector<std::string> names;
  for (const Problem& problem : problems()) {
    if (problem.name == name) return info_of(problem);
    names.push_back(problem.name);
  }
  if (!worker)
    throw InputError(unknown("problem", name, names) + " (one of your own needs --worker PROGRAM)");
  for (const study::ProblemInfo& info : describe(find_worker(worker)).problems) {
    if (info.problem.name == name) return info;
    names.push_back(info.problem.name);
  }
  throw InputError(unknown("problem", name, names));
}

}  // namespace basin::app
