// The folder of one trial, STUDY/trials/NUMBER, which is kept, so that a program can resume in it.
//
//   config.json    the values of the trial's parameters, by name
//   reports.jsonl  the epochs of all its runs, a Point in each line
//   test.json      what was reported of the test split
//   output.log     what the latest run printed (output.hpp)
//   and whatever the program writes there
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "basin/study/trial.hpp"

namespace basin::program {

// An epoch, and the number that the program gave it.
struct Point {
  BASIN_RECORD(Point, "point")
  BASIN_FIELD(double, own, required, "the epoch as the program counts") = 0;
  BASIN_FIELD(Epoch, epoch, required, "as basin counts: from 1, without gaps") = {};
};

class TrialFolder {
 public:
  // The weights of a study are in STUDY/weights. Throws Error if the folder cannot be made.
  TrialFolder(const std::string& weights, int number);
  const std::string& path() const { return path_; }
  std::string config() const { return path_ + "/config.json"; }
  std::string log() const { return path_ + "/output.log"; }

  void write_config(const study::Configuration& config) const;
  std::vector<Point> points() const;  // up to the first line that is damaged
  void write_points(const std::vector<Point>& points) const;
  void append(const Point& point) const;
  std::optional<Score> test() const;
  void write_test(const Score& test) const;

 private:
  void write(const std::string& name, const std::string& text, bool append) const;
  std::string path_;
};

}  // namespace basin::program
