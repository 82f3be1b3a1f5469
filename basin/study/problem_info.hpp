// What is known about a problem that a worker can run: its declaration, and the sizes that follow from it. As
// JSON, this is the `problems` in the answer to `WORKER --describe` and the `problem` of a stored study.
#pragma once
#include <cstdint>
#include <map>
#include <string>

#include "basin/problems/problem.hpp"
#include "basin/records/json.hpp"

namespace basin::study {

using Checksums = std::map<std::string, std::string>;

struct ProblemInfo {
  BASIN_RECORD(ProblemInfo, "problem")
  BASIN_FIELD(Problem, problem, required | inlined, "its declaration") = {};
  BASIN_FIELD(std::int64_t, parameters, plain, "trainable weights; 0 if unknown") = 0;
  BASIN_FIELD(std::int64_t, train_count, plain, "examples of the whole split") = 0;
  BASIN_FIELD(std::int64_t, validation_count, plain, "examples of the whole split") = 0;
  BASIN_FIELD(std::int64_t, test_count, plain, "examples of the whole split") = 0;
  BASIN_FIELD(Checksums, checksums, unless_empty, "of its data, as in Settings") = {};
};

}  // namespace basin::study
