// The events of a study in their order, for readers that follow it while it runs. They write nothing.
//
//   for (std::int64_t last = 0;;) for (const Change& change : read_changes(path, last)) last = change.id, ...
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "basin/study/trial.hpp"

namespace basin::study {

enum class What { added, started, epoch, ended, tested, waiting };
constexpr auto names_of(What) {
  return std::array{"added", "started", "epoch", "ended", "tested", "waiting"};
}

// What happened to a trial, with the record that belongs to it as it is when it is read: a trial that has
// begun anew since then lacks its earlier epochs.
struct Change {
  std::int64_t id = 0;  // grows; not every number need be there
  What what = What::added;
  int number = 0;                   // of the trial
  std::optional<Trial> trial = {};  // if it was added
  std::optional<Epoch> epoch = {};
  std::optional<Result> result = {};    // if it ended
  std::optional<TestResult> test = {};  // if it was tested
};

// Returns the events after the one with the number `since`, from one moment; 0 for all. A store that an older
// basin made has none from before it was continued. Throws as read_sqlite does.
//
// Cost  proportional to the number of events returned
std::vector<Change> read_changes(const std::string& path, std::int64_t since);

}  // namespace basin::study
