#include "basin/problems/problem.hpp"

#include <algorithm>

namespace basin {

Problem program_problem(const std::string& name, const Program& program) {
  check(program);
  return {.name = name, .program = program, .loss = "", .metric = metrics_of(program).front()};
}

Names metrics_of(const Problem& problem) {
  Names out = problem.program ? metrics_of(*problem.program) : Names{"loss"};
  const auto add = [&](const std::string& name) {
    if (std::ranges::find(out, name) == out.end()) out.push_back(name);
  };
  if (!problem.program) add(problem.metric);
  for (const std::string& name : problem.metrics) add(name);
  return out;
}

metrics::Targets targets_of(const Problem& problem) {
  using metrics::Targets;
  if (problem.predicts == "inputs") return Targets::values;
  if (!problem.source) return Targets::classes;  // images
  const data::Source& source = *problem.source;
  if (source.kind == "series") return Targets::values;
  static const Names of_both{"table", "sparse", "made", "arrays"};
  if (std::ranges::find(of_both, source.kind) == of_both.end()) return Targets::classes;
  return source.targets == "values" ? Targets::values : Targets::classes;
}

metrics::Info describe_metric(const std::string& name) {
  if (name != "loss") return metrics::find_metric(name);
  return {.name = "loss",
          .title = "Loss",
          .help = "what training minimizes, with its penalties",
          .better = metrics::Better::smaller,
          .high = basin::unbounded};
}

metrics::Info describe_metric(const Problem& problem, const std::string& name) {
  if (!problem.program) return describe_metric(name);
  const Metric ranking = ranking_metric(problem);
  const bool larger = name == ranking.name && ranking.larger_is_better;
  return {.name = name,
          .title = name,
          .help = "reported by the program",
          .better = larger ? metrics::Better::larger : metrics::Better::smaller,
          .low = -basin::unbounded,
          .high = basin::unbounded};
}

Metric ranking_metric(const Problem& problem) {
  if (problem.program) {
    const Goal goal = goal_of(problem.program->metric);
    return {place_of(goal.name, goal.name).metric, goal.larger_is_better};
  }
  return {problem.metric, describe_metric(problem.metric).better == metrics::Better::larger};
}

}  // namespace basin
