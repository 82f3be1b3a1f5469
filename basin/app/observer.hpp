// Receives what happens to a study while it runs. Every hook does nothing by default. The thread that called
// `run` calls the hooks; they must not throw.
#pragma once
#include <filesystem>
#include <string>

#include "basin/study/runner.hpp"

namespace basin::app {

struct Plan;

// study::Observer has the hooks for trials, tests and lost workers.
class Observer : public study::Observer {
 public:
  // Before and after the data set is read, which may take seconds.
  virtual void on_load(const std::string& /*data_set*/) {}
  virtual void on_loaded() {}
  // The plan, checked against the data. Nothing is written yet.
  virtual void on_plan(const Plan&) {}
  // Another program has locked the store for some seconds, and `run` waits for it. Called once each time.
  virtual void on_locked(const std::filesystem::path& /*store*/) {}
  // A study is continued by other programs than those that created it.
  virtual void on_other_versions(const std::string& /*sentence*/) {}
  // Before the first trial, and after the last trial and test; on_end is not called if `run` throws.
  virtual void on_begin(int /*trials*/) {}
  virtual void on_end() {}
  virtual void on_written(const std::filesystem::path& /*file*/) {}
};

}  // namespace basin::app
