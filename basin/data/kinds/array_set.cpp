#include "basin/data/kinds/array_set.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>
#include <utility>

#include "basin/core/error.hpp"
#include "basin/core/names.hpp"
#include "basin/data/kinds/table_set.hpp"

namespace basin::data {
namespace {

constexpr std::int64_t most_columns = 100'000;

using Arrays = std::map<std::string, Array>;

// Inputs and targets of one part.
struct Pair {
  Array inputs, targets;
  std::int64_t records() const { return inputs.shape.front(); }
};

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

Names names_of(const Arrays& arrays) {
  Names out;
  for (const auto& [name, array] : arrays) out.push_back(name);
  return out;
}

// Returns the names of the arrays that are called one of `words`, with `ending`.
Names called(const Arrays& arrays, const Names& words, const std::string& ending) {
  Names out;
  for (const auto& entry : arrays) {
    const std::string name = lower(entry.first);
    if (std::ranges::any_of(words, [&](const std::string& w) { return name == w + ending; }))
      out.push_back(entry.first);
  }
  return out;
}

Array take(Arrays& arrays, const char* what, const Names& words, const std::string& ending) {
  const Names names = called(arrays, words, ending);
  if (names.size() != 1)
    throw FormatError("arrays", "one of " + std::string(what) + ", called " + listed(words),
                      listed(names.empty() ? names_of(arrays) : names));
  if (arrays.at(names.front()).shape.empty())
    throw FormatError("array " + names.front(), "records along its first axis", "a single number");
  return std::move(arrays.at(names.front()));
}

const Names inputs{"x", "features", "inputs", "images", "data"};
const Names targets{"y", "labels", "label", "targets", "target"};

Pair take_pair(Arrays& arrays, const std::string& ending) {
  Pair out{take(arrays, "inputs", inputs, ending), take(arrays, "targets", targets, ending)};
  if (out.targets.shape.front() != out.records())
    throw FormatError("targets", std::to_string(out.records()) + ", as there are inputs",
                      std::to_string(out.targets.shape.front()));
  return out;
}

// --- images

bool has_images(const Pair& pair) {
  const std::vector<std::int64_t>& shape = pair.inputs.shape;
  const bool pixels = shape.size() == 3 || (shape.size() == 4 && (shape[3] == 1 || shape[3] == 3));
  return pair.inputs.element == Element::u8 && pixels && pair.targets.shape.size() == 1 &&
         is_whole(pair.targets.element);
}

LabelledImages images_of(Pair pair) {
  const std::vector<std::int64_t>& shape = pair.inputs.shape;
  LabelledImages out{{shape[1], shape[2], shape.size() == 4 ? shape[3] : 1}, {}, {}};
  if (out.shape.bytes() == 0) throw FormatError("inputs", "images with pixels", "none");
  for (const std::int64_t label : integers(pair.targets)) {
    if (label < 0 || label > std::numeric_limits<std::uint8_t>::max())
      throw FormatError("targets", "classes of images from 0 to 255", std::to_string(label));
    out.labels.push_back(static_cast<std::int32_t>(label));
  }
  out.pixels = std::move(pair.inputs.bytes);
  return out;
}

// --- rows

// Returns how many numbers a record has.
std::int64_t width_of(const Array& array) {
  std::int64_t width = 1;
  for (std::size_t axis = 1; axis < array.shape.size(); ++axis)
    if (__builtin_mul_overflow(width, array.shape[axis], &width) || width > most_columns)
      throw FormatError("array", "at most " + std::to_string(most_columns) + " numbers a record", "more");
  return width;
}

// Adds a column for each number of a record.
void add_columns(CsvTable& table, const Array& array, const std::string& name, bool numbered) {
  const auto width = static_cast<std::size_t>(width_of(array));
  const std::vector<float> values = floats(array);
  for (std::size_t c = 0; c < width; ++c) {
    CsvColumn& column = table.columns.emplace_back();
    column.name = numbered ? name + std::to_string(c + 1) : name;
    column.numbers.reserve(table.rows);
    for (std::size_t row = 0; row < table.rows; ++row) {
      const float value = values[row * width + c];
      if (!std::isfinite(value))
        throw FormatError("record " + std::to_string(row) + ", " + column.name, "a finite number",
                          std::isnan(value) ? "NaN" : "an infinite one");
      column.numbers.push_back(value);
    }
  }
}

CsvTable table_of(const Pair& pair) {
  CsvTable out;
  out.rows = static_cast<std::size_t>(pair.records());
  if (out.rows == 0) throw FormatError("inputs", "one record or more", "none");
  add_columns(out, pair.inputs, "x", true);
  add_columns(out, pair.targets, "y", width_of(pair.targets) > 1);
  return out;
}

ArrayTables tables_of(const Pair& train, const std::optional<Pair>& test) {
  ArrayTables out{.train = table_of(train), .test = {}, .targets = {}};
  for (const CsvColumn& column : out.train.columns)
    if (column.name.front() == 'y') out.targets.push_back(column.name);
  out.classes = is_whole(train.targets.element) && out.targets.size() == 1;
  if (!test) return out;
  out.test = table_of(*test);
  if (width_of(test->inputs) != width_of(train.inputs) || width_of(test->targets) != width_of(train.targets))
    throw FormatError("test", "records of as many numbers as those of training", "others");
  return out;
}

}  // namespace

std::variant<ArrayTables, ImageFolder> arranged(Arrays arrays) {
  const bool parts = !called(arrays, inputs, "_train").empty();
  const bool tested = !called(arrays, inputs, "_test").empty();
  Pair train = take_pair(arrays, parts ? "_train" : "");
  std::optional<Pair> test;
  if (tested) test = take_pair(arrays, "_test");
  if (!has_images(train) || (test && !has_images(*test))) return tables_of(train, test);
  return checked(images_of(std::move(train)), test ? images_of(std::move(*test)) : LabelledImages{});
}

SharedSet share_arrays(const ArrayTables& tables, const Source& source, const std::string& file) {
  Source named = source;
  named.predict = tables.targets;
  return share_table(tables.train, tables.test ? &*tables.test : nullptr, named, file);
}

}  // namespace basin::data
