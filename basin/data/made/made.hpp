// Data that is made, not read: plain vectors, examples first.
//
// Each is a pure function of the counts and of a stream of random numbers. Name the stream by the part
// ("train", "validation", "test"), so that the parts are drawn apart.
#pragma once
#include <cstdint>
#include <vector>

namespace basin::data {

// Examples as rows of `width` numbers, each with a class.
struct MadeTable {
  std::int64_t width = 0;
  std::vector<float> rows;
  std::vector<std::int64_t> classes;
};

// Sequences of `length` steps of `width` channels, each with a value.
struct MadeSequences {
  std::int64_t length = 0, width = 0;
  std::vector<float> steps;  // examples x length x width
  std::vector<float> values;
};

// Examples as rows that are mostly 0, compressed: row i holds the columns and values from row_offsets[i] to
// row_offsets[i + 1], in order of the columns. Each has a class.
struct MadeSparseTable {
  std::int64_t width = 0;
  std::vector<std::int64_t> row_offsets;  // one more than there are rows
  std::vector<std::int32_t> columns;
  std::vector<float> values;
  std::vector<std::int64_t> classes;
};

}  // namespace basin::data
