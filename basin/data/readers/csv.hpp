// CSV: a table in text, of numbers, categories or both.
//
// Layout   RFC 4180 (readers/csv_cursor.hpp); the separator is the comma, the semicolon or the tab; the first
//          row names the columns or is data
// Accepts  UTF-8, with or without a byte order mark. A value that is empty, ?, NA, N/A, NaN or null (in any
//          case) is missing. Between semicolons, 1,5 is a number. A column is numeric if at least 90 of 100
//          of its values are numbers, missing ones not counted, or if none is there; otherwise its values are
//          categories
// Refuses  with FormatError that names line and column: a row with more or fewer fields than the first, a
//          text in a numeric column, a number that float32 does not hold, NUL, anything but UTF-8, an open
//          quote, two columns of one name, more than 100,000 columns, a file without a row
// Cost     one pass for tables of numbers, two if the first 1,000 rows are unlike the rest; 4 bytes for a
//          value, and the categories once
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace basin::data {

struct CsvColumn {
  std::string name;  // c1, c2, ... if the file does not say
  bool numeric = true;
  std::vector<float> numbers;           // of a numeric column, one for a row; NaN: missing
  std::vector<std::string> categories;  // of another column, sorted by their bytes
  std::vector<std::int32_t> codes;      // into `categories`, one for a row; -1: missing
  std::size_t missing = 0;
};

struct CsvTable {
  std::vector<CsvColumn> columns;
  std::size_t rows = 0;
  char separator = ',';
  bool header = false;             // whether the first row names the columns
  std::size_t first_line = 1;      // of the file, where its first row begins, not counting the one of names
  std::vector<std::size_t> lines;  // where each row begins; empty if they take one each
};

struct CsvOptions {
  char separator = 0;          // 0: whichever of the three fits the first rows
  std::optional<bool> header;  // nothing: see `parse_csv`
  // Columns by name whose kind is known: true for numeric.
  std::map<std::string, bool> numeric = {};
  // A category that the first file lacks counts as missing, instead of being refused.
  bool unknown_is_missing = false;
};

// Without `options.header`, the first row is one of names if it has no number, and if either some column
// below has numbers or none of its fields is repeated further down its column.
//
// With `like`, the table of another file (its values may be gone, see `without_values`), columns have the
// names, kinds and categories of `like`. A category that differs from a known one by a trailing full stop is
// that one, as in the test file of UCI's Adult. Throws InputError if `options.numeric` names no column.
CsvTable parse_csv(std::span<const std::uint8_t> bytes, const CsvOptions& options = {},
                   const CsvTable* like = nullptr);

// Returns the names, kinds and categories of `table` alone.
CsvTable without_values(const CsvTable& table);

std::vector<std::string> names_of(const CsvTable& table);
// Returns the line of the file where a row begins.
std::size_t line_of(const CsvTable& table, std::size_t row);
// Throws InputError, "FILE: unknown column 'incme'; did you mean 'income'?".
const CsvColumn& column_of(const CsvTable& table, const std::string& name, const std::string& file);

}  // namespace basin::data
