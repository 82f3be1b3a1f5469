// Where the trials of a study come from while it runs: a fixed list, or a search.
//
// A source decides by the results of trials in the order of their numbers, never by time: the study is the
// same for any number of workers.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "basin/study/store.hpp"

namespace basin::study {

class Source {
 public:
  virtual ~Source() = default;
  // Returns the trials that are to be added now, numbered from trials.size() on; none if there is nothing
  // more, or if trials that run must end first. `trials` are all that there are, in the order of their
  // numbers.
  virtual std::vector<Trial> next(const std::vector<StoredTrial>& trials) = 0;
  // Returns whether trials may be stopped before their end; their workers then wait for a verdict after each
  // epoch.
  virtual bool prunes() const { return false; }
  // Returns why a trial, whose curve has just got a point, is to be stopped; nothing if it goes on.
  virtual std::optional<std::string> stop(int /*number*/, const std::vector<StoredTrial>& /*trials*/) {
    return std::nullopt;
  }
};

// Returns the source of a study: its search, or none for the list that it was created with.
std::unique_ptr<Source> source_of(const Study& study);

}  // namespace basin::study
