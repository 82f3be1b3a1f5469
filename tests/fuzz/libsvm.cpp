// Any bytes: refused, or sparse rows whose columns rise and lie below the width.
#include "basin/data/readers/libsvm.hpp"

#include "basin/core/error.hpp"
#include "tests/fuzz/require.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const basin::data::SparseRows rows = basin::data::parse_libsvm({data, size});
    require(rows.rows() > 0 && rows.row_offsets.size() == rows.rows() + 1, "an offset for each row");
    require(rows.row_offsets.back() == static_cast<std::int64_t>(rows.columns.size()),
            "the last ends the values");
    for (std::size_t row = 0; row < rows.rows(); ++row)
      for (auto i = rows.row_offsets[row]; i < rows.row_offsets[row + 1]; ++i) {
        const auto column = rows.columns[static_cast<std::size_t>(i)];
        require(column >= 0 && column < rows.width, "columns lie below the width");
        require(i == rows.row_offsets[row] || rows.columns[static_cast<std::size_t>(i - 1)] < column,
                "and rise");
      }
  } catch (const basin::FormatError&) {
  }
  return 0;
}
