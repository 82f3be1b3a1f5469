// What the columns of a table hold, for the comments of a problem and for the choice of its network.
//
// Cost     one pass over the values; of each numeric column, up to 1,000 different values are remembered
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "basin/data/readers/csv.hpp"

namespace basin::data {

struct CsvColumnSummary {
  std::string name;
  bool numeric = true;
  std::size_t rows = 0, missing = 0;
  // Different values that are present; of a numeric column, `most_distinct` for that many or more.
  std::size_t distinct = 0;
  double min = 0, max = 0, mean = 0, median = 0;  // of a numeric column with values
  bool whole = false;                             // all of its values are whole numbers
  std::size_t rarest = 0;                         // rows of the rarest category

  bool all_missing() const { return missing == rows; }
  bool constant() const { return distinct == 1; }
  // "9 categories, 207 missing", "numbers from -3 to 5, mean 0.4", "the same number everywhere", "all
  // missing"
  std::string text() const;
};

inline constexpr std::size_t most_distinct = 1'000;

CsvColumnSummary summary(const CsvColumn& column);

struct CsvSummary {
  std::vector<CsvColumnSummary> columns;
  // The width of a row whose categories are one-hot: one for a numeric column, one for each category. A
  // column that is constant or all missing counts none.
  std::size_t one_hot_width = 0;
  // "9 numeric columns, 1 with 5 categories, 207 missing in total_bedrooms"
  std::string text() const;
};

CsvSummary summary(const CsvTable& table);

}  // namespace basin::data
