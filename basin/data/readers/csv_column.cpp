#include "basin/data/readers/csv_column.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
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

std::vector<std::int32_t> order_of(const std::vector<std::string>& names) {
  std::vector<std::int32_t> order(names.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::sort(order, {}, [&](std::int32_t i) -> const std::string& { return names[std::size_t(i)]; });
  return order;
}

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
  for (const std::string& category : like->categories)
    codes_.emplace(category, static_cast<std::int32_t>(codes_.size()));
}

std::size_t CsvReading::numbers() const {
  if (column_.numeric) return column_.numbers.size() - column_.missing - texts_;
  std::size_t count = 0;
  for (const auto& [category, code] : codes_)
    if (is_number(category, separator_)) count += counts_[static_cast<std::size_t>(code)];
  return count;
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

void CsvReading::add_text(std::string_view text, std::size_t offset) {
  if (!column_.numeric) return add_category(text, offset);
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

void CsvReading::add_category(std::string_view text, std::size_t offset) {
  std::int32_t code = -1;
  if (is_missing(text)) {
    ++column_.missing;
  } else if (like_) {
    code = known_code(text);
    if (code < 0) ++column_.missing;
    if (code < 0 && !first_unknown_) first_unknown_ = offset;
  } else {
    auto at = codes_.find(text);
    if (at == codes_.end()) {
      at = codes_.emplace(text, static_cast<std::int32_t>(codes_.size())).first;
      counts_.push_back(0);
    }
    code = at->second;
    ++counts_[static_cast<std::size_t>(code)];
  }
  column_.codes.push_back(code);
}

std::int32_t CsvReading::known_code(std::string_view text) const {
  if (const auto at = codes_.find(text); at != codes_.end()) return at->second;
  const auto near = text.ends_with('.') ? codes_.find(text.substr(0, text.size() - 1))
                                        : codes_.find(std::string(text) + '.');
  return near == codes_.end() ? -1 : near->second;
}

CsvColumn CsvReading::finished() {
  if (column_.numeric) return std::move(column_);
  std::vector<std::string> names(codes_.size());
  while (!codes_.empty()) {
    auto node = codes_.extract(codes_.begin());
    names[static_cast<std::size_t>(node.mapped())] = std::move(node.key());
  }
  const std::vector<std::int32_t> order = order_of(names);
  std::vector<std::int32_t> rank(names.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    rank[static_cast<std::size_t>(order[i])] = static_cast<std::int32_t>(i);
    column_.categories.push_back(std::move(names[static_cast<std::size_t>(order[i])]));
  }
  for (std::int32_t& code : column_.codes)
    if (code >= 0) code = rank[static_cast<std::size_t>(code)];
  return std::move(column_);
}

}  // namespace basin::data
