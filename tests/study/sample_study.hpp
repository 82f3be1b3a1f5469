// A small study for tests: two optimizers, several configurations, two replicates.
#pragma once
#include <unistd.h>

#include <filesystem>
#include <string>

#include "basin/study/design.hpp"
#include "basin/study/store.hpp"

namespace basin::study {

// A folder that is removed at the end of the test.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "basin-study-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

inline const Metric by_accuracy{}, by_loss{"loss", false};

inline Study study_of(std::vector<Trial> trials, int epochs = 3) {
  return {.name = "sample-1",
          .settings = {.problem = "sample", .seed = 7, .epochs = epochs},
          .trials = std::move(trials),
          .design = "ofat",
          .command = "basin compare sample",
          .created = "2026-01-31T12:00:00Z",
          .environment = "{}",
          .problem = R"({"name": "sample", "metric": "accuracy"})"};
}

inline Study sample_study() {
  return study_of(make_trials({.optimizers = {"sgd", "adam"},
                               .lr = {0.01, 0.1},
                               .batch_sizes = {64, 128},
                               .words = {{"init", {"default", "he_normal"}}},
                               .knobs = {{"adam", "beta2", {0.999, 0.99}}}},
                              "ofat", 2));
}

}  // namespace basin::study
