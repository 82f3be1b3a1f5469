// A column of a CSV file while its values come in, row by row.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "basin/data/readers/csv.hpp"
#include "basin/data/readers/csv_categories.hpp"
#include "basin/data/readers/csv_cursor.hpp"

namespace basin::data {

bool is_missing(std::string_view value);
// Whether a field is a number where `separator` stands between fields (CsvCursor::number).
bool is_number(std::string_view value, char separator = ',');

class CsvReading {
 public:
  // `like`, if not null, is the column of the first file. Requires that it outlives this.
  CsvReading(std::string name, bool numeric, const CsvColumn* like, std::size_t most_rows, char separator);

  // Reads the next field of the row.
  void read(CsvCursor& cursor) {
    float value;
    const std::size_t offset = cursor.offset();
    if (column_.numeric && cursor.number(value))
      add_number(value, offset);
    else
      add_text(cursor, offset);
  }

  const std::string& name() const { return column_.name; }
  bool numeric() const { return column_.numeric; }
  // Whether enough of the values are numbers that the column is numeric.
  bool should_be_numeric() const;
  std::size_t numbers() const;

  // Where the first value begins that a numeric column cannot hold: a text, or a number too large.
  std::optional<std::size_t> first_text() const { return first_text_; }
  std::optional<std::size_t> first_infinite() const { return first_infinite_; }
  // Where the first category begins that the first file lacks.
  std::optional<std::size_t> first_unknown() const { return first_unknown_; }

  // Returns the column with its categories sorted. Call last.
  CsvColumn finished();

 private:
  void add_number(float value, std::size_t offset) {
    column_.numbers.push_back(value);
    if (value - value == 0) [[likely]]
      return;
    add_not_finite(value, offset);
  }
  void add_not_finite(float value, std::size_t offset);
  void add_text(CsvCursor& cursor, std::size_t offset);
  void add_category(std::string_view text, bool passing, std::size_t offset);
  std::int32_t known_code(std::string_view text) const;

  CsvColumn column_;
  const CsvColumn* like_;
  char separator_;
  CsvCategories categories_;
  std::size_t texts_ = 0;  // values of a numeric column that are none
  std::optional<std::size_t> first_text_, first_infinite_, first_unknown_;
};

}  // namespace basin::data
