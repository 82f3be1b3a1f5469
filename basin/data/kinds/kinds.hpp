// The kinds of data sets in shared memory, and what their columns are called.
//
//   kind       columns of a part (train, test)               attributes
//   images     images u8, labels u8                          classes (image_set.hpp)
//   table      inputs f32, rows x columns; a category is     inputs: JSON, [{name, categories}]
//              its code, NaN is missing
//   sparse     row_offsets i64, columns i32, values f32      width
//   sequences  sequences f32, rows x steps x channels
//   text       tokens u16                                    symbols: JSON, their code points
//   series     series f32, steps x channels                  names: JSON
//
// Targets: labels i32 with the attributes classes (their number) and class_names (JSON), or targets f32, rows
// x outputs, with the attribute outputs. A text and a series have none: the next symbols and steps are.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "basin/data/shared.hpp"

namespace basin::data {

// Returns an attribute. Throws Error if it is missing.
const std::string& attribute(const SharedSet& set, const std::string& name);
std::int64_t number_attribute(const SharedSet& set, const std::string& name);
// "images", "table", ...
std::string kind_of(const SharedSet& set);

// Returns the number of examples or steps of a part, "train" or "test".
std::int64_t count_of(const SharedSet& set, const std::string& part);

// Returns the number of classes; 0 if the targets are values.
std::int64_t classes_of(const SharedSet& set);
// Returns how many numbers a network gives for an example (for a step, of a text).
std::int64_t outputs_of(const SharedSet& set);

// The records of a file that are for training and for the test.
struct Parts {
  std::vector<std::uint32_t> train, test;
};
// The records of a file, with their labels if they have classes.
struct Labelled {
  std::size_t records;
  std::span<const std::int32_t> labels;
  std::int64_t classes;
};
// Returns all records of both files if there is one of `test` records. Otherwise draws `share` of `train` for
// the test, the same for every seed: in proportion to the classes if there are labels. Throws InputError,
// which names `file`, if a part would be empty.
Parts parts_of(const Labelled& train, std::optional<std::size_t> test, double share, const std::string& file);

// Returns how many of `count` a share is, rounded.
std::int64_t share_of(double share, std::int64_t count);

}  // namespace basin::data
