#include "cli/problem_lookup.hpp"

#include <algorithm>

#include "basin/core/error.hpp"
#include "basin/core/names.hpp"
#include "basin/data/data_sets.hpp"
#include "basin/nn/layers.hpp"
#include "basin/problems/problems.hpp"
#include "cli/worker_program.hpp"

namespace basin::cli {

study::ProblemInfo info_of(const Problem& problem) {
  const data::DataSet set = data::data_set(problem.data);
  const auto layers = nn::parse_layers(problem.layers, {set.height, set.width, set.channels});
  return {problem, nn::parameter_count(layers), set.train - set.validation, set.validation, 0};
}

study::ProblemInfo find_problem(const std::string& name, const std::optional<std::filesystem::path>& worker) {
  std::vector<study::ProblemInfo> known;
  if (worker) {
    known = describe(find_worker(worker)).problems;
  } else {
    for (const Problem& problem : problems()) known.push_back(info_of(problem));
  }
  std::vector<std::string> names;
  for (const study::ProblemInfo& info : known) {
    if (info.problem.name == name) return info;
    names.push_back(info.problem.name);
  }
  const std::string remedy = worker ? "" : " (a problem of your own needs --worker PROGRAM)";
  throw InputError(unknown("problem", name, names) + remedy);
}

}  // namespace basin::cli
