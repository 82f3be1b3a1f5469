// Any bytes: refused, or a table whose columns have a value for each row, and that reads itself as a second
// file.
#include "basin/data/readers/csv.hpp"

#include "basin/core/error.hpp"
#include "basin/data/readers/csv_summary.hpp"
#include "tests/fuzz/require.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace basin::data;
  try {
    const CsvTable table = parse_csv({data, size});
    require(table.rows > 0, "a table has rows");
    for (const CsvColumn& column : table.columns) {
      require(
          (column.numeric ? column.numbers : std::vector<float>(column.codes.size())).size() == table.rows,
          "a value for each row");
      for (const std::int32_t code : column.codes)
        require(code >= -1 && code < static_cast<std::int32_t>(column.categories.size()),
                "codes are categories");
    }
    require(table.columns.size() * table.rows <= 2 * size + 2, "no more values than there is text");
    require(!summary(table).text().empty(), "it can be described");
    const CsvTable types = without_values(table);
    const CsvTable again = parse_csv({data, size}, {.header = table.header}, &types);
    require(again.rows == table.rows, "it reads itself");
  } catch (const basin::FormatError&) {
  }
  return 0;
}
