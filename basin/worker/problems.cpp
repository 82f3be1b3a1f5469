#include "basin/worker/problems.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "basin/records/json.hpp"
#include "basin/study/problem_info.hpp"
#include "basin/worker/network_of.hpp"

namespace basin::worker {

const OwnProblem* Problems::own(const std::string& name) const {
  const auto found = std::ranges::find(own_, name, [](const OwnProblem& p) { return p.declared.name; });
  return found == own_.end() ? nullptr : &*found;
}

study::Json Problems::describe() const {
  study::Json infos = study::Json::array();
  for (const OwnProblem& problem : own_) {
    const auto examples = problem.examples(1, 0, 0);
    infos.push_back(study::ProblemInfo{.problem = problem.declared,
                                       .parameters = nn::parameter_count(*network_of(problem, *examples)),
                                       .train_count = examples->count(train::Part::train),
                                       .validation_count = examples->count(train::Part::validation),
                                       .test_count = examples->count(train::Part::test),
                                       .checksums = train::label_checksums(*examples)});
  }
  return infos;
}

}  // namespace basin::worker
