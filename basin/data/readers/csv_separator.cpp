#include "basin/data/readers/csv_separator.hpp"

#include <algorithm>
#include <map>

#include "basin/core/error.hpp"
#include "basin/data/readers/csv_cursor.hpp"

namespace basin::data {
namespace {

constexpr std::size_t rows_to_look_at = 100;

}  // namespace

CsvShape csv_shape(std::string_view text, char separator) {
  std::map<std::size_t, std::size_t> rows_of;  // number of fields -> rows
  CsvShape shape{separator};
  try {
    for (CsvCursor cursor(text, separator); shape.rows < rows_to_look_at && cursor.next_row(); ++shape.rows) {
      std::size_t fields = 0;
      for (; cursor.more(); ++fields) cursor.field();
      ++rows_of[fields];
    }
  } catch (const FormatError&) {
    return shape;  // quotes that make no sense with this separator
  }
  if (rows_of.empty()) return shape;
  const auto most = std::ranges::max_element(rows_of, {}, [](const auto& n) { return n.second; });
  shape.fields = most->first;
  shape.agreeing = most->second;
  return shape;
}

CsvShape csv_shape(std::string_view text) {
  CsvShape best;
  for (const char separator : {'\t', ';', ','}) {
    const CsvShape shape = csv_shape(text, separator);
    if (shape.fields < 2) continue;
    if (shape.consistent()) return shape;
    if (shape.agreeing >= best.agreeing) best = shape;
  }
  if (best.fields < 2) best = csv_shape(text, ',');
  return best;
}

}  // namespace basin::data
