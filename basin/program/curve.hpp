// Makes epochs of what a program reports.
//
// An epoch ends with the metric that ranks; what was reported since the one before belongs to it. Epochs are
// counted from 1, whatever numbers the program gives them: from 0, or every fifth. With these numbers a
// program that resumes says where it goes on: epochs of an earlier run that have smaller ones come first.
// Without numbers it began anew.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "basin/problems/problem.hpp"
#include "basin/program/reports.hpp"
#include "basin/program/trial_folder.hpp"

namespace basin::program {

class Curve {
 public:
  // `earlier`: what earlier runs of the trial reported.
  Curve(const Problem& problem, double lr, std::vector<Point> earlier);

  // Takes a report after `seconds` of this run, and returns the epochs that it brought.
  std::vector<Point> take(const Report& report, double seconds);
  // A program that ended without a report had nothing left to do: returns the epochs of its earlier runs.
  std::vector<Point> finish();
  // The metric, if it is not finite: "val_loss is nan after 3 epochs".
  const std::optional<std::string>& diverged() const { return diverged_; }

  const std::vector<Point>& points() const { return points_; }
  const Score& test() const { return test_; }
  int best_epoch() const { return best_; }  // 0 if there is none

 private:
  void put(const std::string& name, double value);
  void add(Point point);

  Goal goal_;
  Metric metric_;
  Names names_;
  double lr_, earlier_seconds_ = 0;
  std::vector<Point> earlier_, points_;
  std::optional<double> own_;
  Epoch next_;
  Score test_;
  std::optional<std::string> diverged_;
  int best_ = 0;
};

}  // namespace basin::program
