// Which separator a CSV text uses.
#pragma once
#include <cstddef>
#include <string_view>

namespace basin::data {

struct CsvShape {
  char separator = ',';
  std::size_t fields = 1;    // of most rows
  std::size_t rows = 0;      // that were looked at
  std::size_t agreeing = 0;  // of these, those with as many fields
  bool consistent() const { return rows > 0 && agreeing == rows; }
};

// Looks at the first 100 rows. Returns the first of tab, semicolon and comma that gives all rows the same
// number of fields, two or more; otherwise the one that gives most rows the same number. The comma comes
// last, because it may stand within numbers and text where one of the others separates.
CsvShape csv_shape(std::string_view text);

// Looks through the eyes of one separator.
CsvShape csv_shape(std::string_view text, char separator);

}  // namespace basin::data
