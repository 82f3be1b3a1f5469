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
  BASIN_FIELD(std::string, kind, required, "table, sparse, text, series, pictures, idx, cifar, made") = {};
  BASIN_FIELD(std::string, file, required, "") = {};
  BASIN_FIELD(std::string, test_file, unless_empty, "") = {};
  BASIN_FIELD(Names, predict, unless_empty, "columns") = {};
  BASIN_FIELD(Names, leave_out, unless_empty, "columns") = {};
  BASIN_FIELD(std::string, targets, plain, "classes or values") = "classes";
  BASIN_FIELD(std::string, categories, plain, "one-hot or embed") = "one-hot";
  BASIN_FIELD(std::string, unit, plain, "characters or bytes") = "characters";
  BASIN_FIELD(std::int64_t, window, plain, "steps that the network sees") = 64;
  BASIN_FIELD(std::int64_t, horizon, plain, "steps to predict") = 1;
  BASIN_FIELD(double, test, plain, "share for the test") = 0.2;
  BASIN_FIELD(double, validation, plain, "share of the rest for validation") = 0.1;
  BASIN_FIELD(std::int64_t, count, plain, "examples for training and validation") = 10000;
  bool operator==(const Source&) const = default;
};

}  // namespace basin::data
