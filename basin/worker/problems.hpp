// The problems of a worker: the user's own and those of basin.
#pragma once
#include <string>
#include <vector>

#include "basin/study/trial.hpp"
#include "basin/worker/worker.hpp"

namespace basin::worker {

// The problems that this worker can run, the user's own first.
class Problems {
 public:
  explicit Problems(const std::vector<OwnProblem>& own) : own_(own) {}
  // Throws InputError for an unknown name.
  const OwnProblem* own(const std::string& name) const;  // nullptr for a built-in problem
  Problem declared(const std::string& name) const;
  // Returns the user's own problems, as `--describe` prints them; creates the examples of each.
  study::Json describe() const;

 private:
  const std::vector<OwnProblem>& own_;
};

}  // namespace basin::worker
