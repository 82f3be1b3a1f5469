// Where the examples of a problem come from: a file or folder of one's own, or a rule that makes them.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "basin/core/fields.hpp"

namespace basin::data {

using Names = std::vector<std::string>;

struct Source {
  BASIN_RECORD(Source, "data")
  BASIN_FIELD(std::string, kind, required, "table, sparse, text, series, pictures, idx, cifar or made") = {};
  BASIN_FIELD(std::string, file, required, "path of the file or folder; for made data the rule") = {};
  BASIN_FIELD(std::string, test_file, unless_empty, "path; without one, a share of the file is the test") = {
  };
  BASIN_FIELD(Names, predict, unless_empty, "columns of a table or series: the target") = {};
  BASIN_FIELD(Names, leave_out, unless_empty, "columns of a table that are not used") = {};
  BASIN_FIELD(std::string, targets, plain, "classes or values") = "classes";
  BASIN_FIELD(std::string, categories, plain, "of a table: one-hot or embed") = "one-hot";
  BASIN_FIELD(std::string, unit, plain, "of a text: characters or bytes") = "characters";
  BASIN_FIELD(std::int64_t, window, plain, "of a text or series: steps that the network sees") = 64;
  BASIN_FIELD(std::int64_t, horizon, plain, "of a series: steps to predict") = 1;
  BASIN_FIELD(double, test, plain, "share of the examples for the test, if there is no test file") = 0.2;
  BASIN_FIELD(double, validation, plain, "share of the rest that is held out for validation") = 0.1;
  BASIN_FIELD(std::int64_t, count, plain, "of made data: examples for training and validation") = 10000;
  bool operator==(const Source&) const = default;
};

}  // namespace basin::data
