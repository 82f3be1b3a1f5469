#include "basin/data/readers/csv_column.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

namespace basin::data {
namespace {

constexpr float missing_number = std::numeric_limits<float>::quiet_NaN();

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return (x >= 'A' && x <= 'Z' ? x + 32 : x) == y; });
}

// A column is numeric if at least nine of ten values are: a mistake or two are then refused with their line,
// and codes of which many are digits, as house numbers or tickets, stay categories.
bool mostly(std::size_t numbers, std::size_t values) { return 10 * numbers >= 9 * values; }

}  // namespace

bool is_missing(std::string_view value) {
  constexpr std::array<std::string_view, 5> marks{"?", "na", "n/a", "nan", "null"};
  if (value.empty()) return true;
  return value.size() <= 4 &&
         std::ranges::any_of(marks, [&](std::string_view m) { return equal_ignoring_case(value, m); });
}

bool is_number(std::string_view value, char separator) {
  float number;
  CsvCursor cursor(value, separator);
  return cursor.next_row() && cursor.number(number) && !cursor.more() && !std::isnan(number);
}

CsvReading::CsvReading(std::string name, bool numeric, const CsvColumn* like, std::size_t most_rows,
                       char separator)
    : column_{std::move(name), numeric}, like_(like), separator_(separator) {
  if (numeric)
    column_.numbers.reserve(most_rows);
  else
    column_.codes.reserve(most_rows);
  if (!like) return;
  for (const std::string& category : like->categories) categories_.add(category, false);
}

std::size_t CsvReading::numbers() const {
  if (column_.numeric) return column_.numbers.size() - column_.missing - texts_;
  std::vector<bool> number(categories_.size());
  for (std::size_t i = 0; i < number.size(); ++i)
    number[i] = is_number(categories_.name(static_cast<std::int32_t>(i)), separator_);
  return static_cast<std::size_t>(std::ranges::count_if(
      column_.codes, [&](std::int32_t code) { return code >= 0 && number[static_cast<std::size_t>(code)]; }));
}

bool CsvReading::should_be_numeric() const {
  const std::size_t rows = std::max(column_.numbers.size(), column_.codes.size());
  return mostly(numbers(), rows - column_.missing);
}

void CsvReading::add_not_finite(float value, std::size_t offset) {
  if (std::isnan(value))
    ++column_.missing;
  else if (!first_infinite_)
    first_infinite_ = offset;
}

void CsvReading::add_text(CsvCursor& cursor, std::size_t offset) {
  const std::string_view text = cursor.field();
  if (!column_.numeric) return add_category(text, cursor.copied(), offset);
  float value = missing_number;
  if (is_missing(text)) {
    ++column_.missing;
  } else if (CsvCursor inside(text, separator_);
             inside.next_row() && inside.number(value) && !inside.more()) {
    return add_number(value, offset);  // in quotes
  } else {
    value = missing_number;
    ++texts_;
    if (!first_text_) first_text_ = offset;
  }
  column_.numbers.push_back(value);
}

void CsvReading::add_category(std::string_view text, bool passing, std::size_t offset) {
  std::int32_t code = -1;
  if (!is_missing(text)) code = like_ ? known_code(text) : categories_.add(text, passing);
  if (code < 0) {
    ++column_.missing;
    if (!first_unknown_ && !is_missing(text)) first_unknown_ = offset;
  }
  column_.codes.push_back(code);
}

std::int32_t CsvReading::known_code(std::string_view text) const {
  const std::int32_t code = categories_.find(text);
  if (code >= 0) return code;
  return categories_.find(text.ends_with('.') ? std::string(text.substr(0, text.size() - 1))
                                              : std::string(text) + '.');
}

CsvColumn CsvReading::finished() {
  if (column_.numeric) return std::move(column_);
  const std::vector<std::int32_t> order = categories_.order();
  std::vector<std::int32_t> rank(order.size());
  column_.categories.reserve(order.size());
  for (const std::int32_t code : order) {
    rank[static_cast<std::size_t>(code)] = static_cast<std::int32_t>(column_.categories.size());
    column_.categories.emplace_back(categories_.name(code));
  }
  categories_ = {};
  for (std::int32_t& code : column_.codes)
    if (code >= 0) code = rank[static_cast<std::size_t>(code)];
  return std::move(column_);
}

}  // namespace basin::data
