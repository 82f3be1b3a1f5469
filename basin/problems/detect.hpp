// Makes a problem from data: what kind of data it is, what is predicted, and a network, loss, metrics and
// budget that suit it.
#pragma once
#include <filesystem>
#include <string>

#include "basin/data/read_source.hpp"
#include "basin/problems/problem.hpp"

namespace basin {

struct DetectedProblem {
  Problem problem;  // with absolute paths
  // What was found in the data, a line each: "20640 rows: 9 numeric columns, 1 with 5 categories".
  std::string seen;
  data::Content content;  // what was read, for data::share
};

// Looks at a file or folder of data. `predict` names the columns of a table that are to be predicted; a table
// of dates and numbers without it is a series. A file beside it that is named as its test file is one:
// adult-train.csv and adult-test.csv, a9a and a9a.t.
//
// Throws  InputError for a file that is no data, for a table without a column to predict, and as the readers
//         do
DetectedProblem detect_problem(const std::filesystem::path& path, const data::Names& predict);

}  // namespace basin
