// The problems that a user's own program adds to its worker.
#pragma once
#include <string>
#include <vector>

#include "basin/study/trial.hpp"
#include "basin/worker/worker.hpp"

namespace basin::worker {

class Problems {
 public:
  explicit Problems(const std::vector<OwnProblem>& own) : own_(own) {}
  // Returns nullptr for a name that is not the user's.
  const OwnProblem* own(const std::string& name) const;
  // Returns the user's own problems, as `--describe` prints them; creates the examples of each.
  study::Json describe() const;

 private:
  const std::vector<OwnProblem>& own_;
};

}  // namespace basin::worker
