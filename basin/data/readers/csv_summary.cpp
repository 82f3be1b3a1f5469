#include "basin/data/readers/csv_summary.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iterator>
#include <unordered_set>

#include "basin/core/names.hpp"

namespace basin::data {
namespace {

constexpr std::size_t most_listed = 5;  // columns in one sentence

void summarize_numbers(const CsvColumn& column, CsvColumnSummary& out) {
  std::vector<float> values;
  values.reserve(column.numbers.size() - column.missing);
  std::ranges::copy_if(column.numbers, std::back_inserter(values), [](float v) { return !std::isnan(v); });
  std::unordered_set<float> distinct;
  double sum = 0;
  out.whole = true;
  for (const float value : values) {
    sum += double{value};
    out.whole &= value == std::floor(value);
    if (distinct.size() < most_distinct) distinct.insert(value);
  }
  out.distinct = distinct.size();
  if (values.empty()) return;
  const auto [least, most] = std::ranges::minmax(values);
  out.min = double{least}, out.max = double{most};
  out.mean = sum / static_cast<double>(values.size());
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>((values.size() - 1) / 2);
  std::ranges::nth_element(values, middle);
  out.median = double{*middle};
  if (values.size() % 2 == 0)
    out.median = (out.median + double{*std::ranges::min_element(middle + 1, values.end())}) / 2;
}

void summarize_categories(const CsvColumn& column, CsvColumnSummary& out) {
  std::vector<std::size_t> counts(column.categories.size());
  for (const std::int32_t code : column.codes)
    if (code >= 0) ++counts[static_cast<std::size_t>(code)];
  std::erase(counts, 0u);  // a category of the first file that this one lacks
  out.distinct = counts.size();
  if (!counts.empty()) out.rarest = std::ranges::min(counts);
}

std::string short_number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", value);
  return text;
}

std::string counted(std::size_t count, const char* one, const char* many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

// "12 missing in a, 3 missing in b", or how many columns that would be.
std::string missing_text(const std::vector<CsvColumnSummary>& columns) {
  std::vector<std::string> parts;
  for (const CsvColumnSummary& column : columns)
    if (column.missing > 0 && !column.all_missing())
      parts.push_back(std::to_string(column.missing) + " missing in " + column.name);
  if (parts.size() > most_listed) return "missing values in " + counted(parts.size(), "column", "columns");
  std::string out;
  for (const std::string& part : parts) out += (out.empty() ? "" : ", ") + part;
  return out;
}

std::string categories_text(const std::vector<CsvColumnSummary>& columns) {
  std::vector<std::string> counts;
  for (const CsvColumnSummary& column : columns)
    if (!column.numeric && !column.all_missing()) counts.push_back(std::to_string(column.distinct));
  if (counts.empty()) return "";
  if (counts.size() > most_listed) return std::to_string(counts.size()) + " with categories";
  return std::to_string(counts.size()) + " with " + listed(counts) +
         (counts == std::vector<std::string>{"1"} ? " category" : " categories");
}

}  // namespace

std::string CsvColumnSummary::text() const {
  if (all_missing()) return "all missing";
  const std::string gaps = missing > 0 ? ", " + std::to_string(missing) + " missing" : "";
  if (!numeric) return counted(distinct, "category", "categories") + gaps;
  if (constant()) return "always " + short_number(min) + gaps;
  return (whole ? "whole numbers from " : "numbers from ") + short_number(min) + " to " + short_number(max) +
         ", mean " + short_number(mean) + gaps;
}

CsvColumnSummary summary(const CsvColumn& column) {
  CsvColumnSummary out{column.name, column.numeric, std::max(column.numbers.size(), column.codes.size()),
                       column.missing};
  if (column.numeric)
    summarize_numbers(column, out);
  else
    summarize_categories(column, out);
  return out;
}

std::string CsvSummary::text() const {
  const auto numeric = static_cast<std::size_t>(std::ranges::count_if(
      columns, [](const CsvColumnSummary& c) { return c.numeric && !c.all_missing(); }));
  std::string out = counted(numeric, "numeric column", "numeric columns");
  for (const std::string& part : {categories_text(columns), missing_text(columns)})
    if (!part.empty()) out += ", " + part;
  for (const CsvColumnSummary& column : columns)
    if (column.all_missing())
      out += ", " + column.name + " all missing";
    else if (column.constant())
      out += ", " + column.name + " constant";
  return out;
}

CsvSummary summary(const CsvTable& table) {
  CsvSummary out;
  for (const CsvColumn& column : table.columns) {
    out.columns.push_back(summary(column));
    const CsvColumnSummary& one = out.columns.back();
    if (one.distinct > 1) out.one_hot_width += one.numeric ? 1 : one.distinct;
  }
  return out;
}

}  // namespace basin::data
