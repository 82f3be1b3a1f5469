// A program in any language as a problem: how it is run, and which of the numbers that it reports ranks.
//
// Command   words; a word may hold placeholders, {lr} (program/placeholders.hpp)
// Metric    "val_loss min": a name that the program reports, and its direction
// Names     val_, valid_ and validation_ begin the name of a metric of the validation split, train_ and
//           training_ of the training split, test_ of the test split: val_loss is the validation loss. A name
//           without them belongs to the training split if the metric that ranks begins with one of the first
//           three (Keras reports loss and val_loss), otherwise to the validation split. What ranks always
//           counts as a metric of the validation split.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "basin/core/fields.hpp"

namespace basin {

using Words = std::vector<std::string>;

struct Program {
  BASIN_RECORD(Program, "program")
  BASIN_FIELD(Words, command, required, "words; {lr}, {seed}, {trial}, {folder} stand for values") = {};
  BASIN_FIELD(std::string, metric, required, "that ranks, and its direction: val_loss min") = {};
  BASIN_FIELD(Words, read, unless_empty, "patterns with named groups: val loss: (?<val_loss>\\S+)") = {};
  BASIN_FIELD(double, time_limit, plain, "s of one run of a trial; 0: none") = 0;
  BASIN_FIELD(double, grace, plain, "s from SIGTERM to SIGKILL when a trial is stopped") = 10;
  BASIN_FIELD(std::string, folder, plain, "in which the command runs; empty: that of basin") = {};
};

enum class Split { train, validation, test };

// Where a reported number belongs.
struct Reported {
  Split split = Split::validation;
  std::string metric;  // without the name of the split
  bool operator==(const Reported&) const = default;
};
// `ranking` is the name that ranks: val_loss.
Reported place_of(std::string_view reported, std::string_view ranking);

// What ranks, as the program reports it.
struct Goal {
  std::string name;  // val_loss
  bool larger_is_better = false;
};
// Throws InputError if `metric` is not a name and min or max.
Goal goal_of(const std::string& metric);

// Returns the metrics of a program, each once: the one that ranks, those of its patterns.
Words metrics_of(const Program& program);

// Throws InputError for a command without words, a metric without direction, a pattern that is none, a time
// below 0. Looks for no files.
void check(const Program& program);

}  // namespace basin
