// Tables in shared memory, as they were read; and how a row becomes the numbers that a network takes.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "basin/data/readers/csv.hpp"
#include "basin/data/shared.hpp"
#include "basin/data/source.hpp"

namespace basin::data {

// Returns a table as a data set of kind "table", sealed: `source` names the columns to predict and to leave
// out, and the share of the test if there is no test table. Leaves out columns that are constant or empty.
// `file` stands in messages.
//
// Throws  InputError for a column that is not there, with the nearest name; a target that is missing in a
//         row, is constant or has a class with one record; no column to predict from; too few rows
SharedSet share_table(const CsvTable& table, const CsvTable* test, const Source& source,
                      const std::string& file);

// A column of the inputs: numbers, or categories with their names.
struct InputColumn {
  std::string name;
  std::vector<std::string> categories;  // empty: numbers
};
std::vector<InputColumn> input_columns(const SharedSet& table);

// Rows as numbers: numbers have mean 0 and variance 1 over the training rows, and a missing one is their
// median; a category is a 1 among zeros, all zeros if it is missing, or its code, counted from 1, 0 if it is
// missing.
class TableEncoding {
 public:
  // Computes means, variances and medians from these rows. `scale`: whether numbers are scaled, or taken as
  // they are; `one_hot`: whether categories are. Cost: O(columns x rows).
  TableEncoding(const SharedSet& table, std::span<const std::uint32_t> rows, bool scale, bool one_hot);

  std::int64_t width() const { return static_cast<std::int64_t>(categories_.size()); }
  // Returns, for each number of a row, how many values it has if it is a code, otherwise 0.
  const std::vector<std::int64_t>& categories() const { return categories_; }
  // Writes rows of `inputs`, a column of the table, one after the other.
  void gather(std::span<const float> inputs, std::span<const std::uint32_t> rows, float* out) const;

 private:
  struct Part {
    bool number;
    std::int64_t width;  // numbers that it becomes
    bool one_hot;
    float mean, scale, median;
  };
  std::vector<Part> parts_;
  std::vector<std::int64_t> categories_;
};

// Returns what the encoding of a table makes of it, without computing means.
std::vector<std::int64_t> encoded_categories(const SharedSet& table, bool one_hot);

}  // namespace basin::data
