#include "basin/problems/problem.hpp"

#include <algorithm>

namespace basin {

Names metrics_of(const Problem& problem) {
  Names out{"loss"};
  const auto add = [&](const std::string& name) {
    if (std::ranges::find(out, name) == out.end()) out.push_back(name);
  };
  add(problem.metric);
  for (const std::string& name : problem.metrics) add(name);
  return out;
}

metrics::Targets targets_of(const Problem& problem) {
  using metrics::Targets;
  if (problem.predicts == "inputs") return Targets::values;
  if (!problem.source) return Targets::classes;  // images
  const data::Source& source = *problem.source;
  if (source.kind == "series") return Targets::values;
  if (source.kind != "table" && source.kind != "sparse" && source.kind != "made") return Targets::classes;
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

Metric ranking_metric(const Problem& problem) {
  return {problem.metric, describe_metric(problem.metric).better == metrics::Better::larger};
}

}  // namespace basin
