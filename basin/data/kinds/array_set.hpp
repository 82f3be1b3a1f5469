// Arrays by name (NPZ, safetensors) as images or as tables.
//
// Layout   inputs: x, features, inputs, images or data; targets: y, labels, label, targets or target; in any
//          case, with _train and _test behind if there is a part for the test; the first axis counts records
// Accepts  u8 of records x height x width, perhaps x 1 or 3 channels, with whole numbers from 0: images.
//          Anything else: rows of numbers, whatever the shape of a record; whole targets are classes, others
//          values, as many as a record has
// Refuses  with FormatError: no such array or two of them, inputs and targets of different lengths, a test
//          whose records have another shape, values that are not finite, more than 100,000 numbers a record
// Cost     a copy as float32, column by column
#pragma once
#include <map>
#include <string>
#include <variant>

#include "basin/data/readers/array.hpp"
#include "basin/data/readers/csv.hpp"
#include "basin/data/readers/labelled_images.hpp"
#include "basin/data/shared.hpp"
#include "basin/data/source.hpp"

namespace basin::data {

// Rows of numbers, called x1, x2, ..., and what they predict: y, or y1, y2, ...
struct ArrayTables {
  CsvTable train;
  std::optional<CsvTable> test;
  Names targets;
  bool classes = false;
};

std::variant<ArrayTables, ImageFolder> arranged(std::map<std::string, Array> arrays);

// Returns rows as a data set of kind "table", sealed, as share_table does.
SharedSet share_arrays(const ArrayTables& tables, const Source& source, const std::string& file);

}  // namespace basin::data
