// LIBSVM text: sparse rows with a label each.
//
// Layout   a line for a row: `label index:value index:value ...`, between blanks or tabs; indices count from
//          1 and rise; what follows a # is a comment
// Accepts  UTF-8; labels that are finite numbers (+1, -1, 3, 0.5); rows without a value; blank lines
// Refuses  with FormatError that names the line: an index of 0, one that does not rise or is above 2^31 - 1,
//          a text where a number belongs, numbers that are not finite, `qid:` (ranking), a file without a row
// Cost     one pass; 8 bytes for a value, 16 for a row
#pragma once
#include <cstdint>
#include <span>
#include <vector>

namespace basin::data {

struct SparseRows {
  std::vector<double> labels;
  std::vector<std::int64_t> row_offsets{0};  // row i has the values from row_offsets[i] to row_offsets[i + 1]
  std::vector<std::int32_t> columns;         // from 0, rising within a row
  std::vector<float> values;
  std::int64_t width = 0;  // the largest index of the file: one more than the largest of `columns`
  std::size_t rows() const { return labels.size(); }
};

SparseRows parse_libsvm(std::span<const std::uint8_t> bytes);

}  // namespace basin::data
