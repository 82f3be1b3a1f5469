#include "basin/data/kinds/table_set.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "basin/core/error.hpp"
#include "basin/core/names.hpp"
#include "basin/data/kinds/kinds.hpp"
#include "basin/data/readers/csv_summary.hpp"
#include "basin/data/spread.hpp"

namespace basin::data {
namespace {

using Json = nlohmann::json;

bool contains(const Names& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

// The columns to predict from.
std::vector<const CsvColumn*> inputs_of(const CsvTable& table, const Source& source) {
  std::vector<const CsvColumn*> out;
  for (const CsvColumn& column : table.columns) {
    if (contains(source.predict, column.name) || contains(source.leave_out, column.name)) continue;
    const CsvColumnSummary seen = summary(column);
    if (!seen.constant() && !seen.all_missing()) out.push_back(&column);
  }
  return out;
}

// --- targets

struct Targets {
  std::vector<std::int32_t> labels;
  std::vector<std::string> class_names;
  std::vector<float> values;  // rows x outputs
  std::int64_t outputs = 0;
};

std::string line_text(const CsvTable& table, std::size_t row, const std::string& file) {
  return file + ": line " + std::to_string(line_of(table, row));
}

[[noreturn]] void missing_target(const std::string& line, const CsvColumn& column) {
  throw InputError(line + " has no " + column.name +
                   ", which is to be predicted; remove the line, or predict another column");
}

std::string class_name(float value) {
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, value + 0.0f).ptr};  // -0 is 0
}

// Numbers as classes: the different values of the training column, in order.
void take_numbers(const CsvTable& table, const CsvColumn& column, const CsvColumn& train, Targets& out,
                  const std::string& file) {
  const std::set<float> distinct(train.numbers.begin(), train.numbers.end());
  const std::vector<float> values(distinct.begin(), distinct.end());
  for (const float value : values) out.class_names.push_back(class_name(value));
  for (std::size_t row = 0; row < column.numbers.size(); ++row) {
    const auto found = std::ranges::lower_bound(values, column.numbers[row]);
    if (found == values.end() || *found != column.numbers[row])
      throw InputError(line_text(table, row, file) + " has the class " + class_name(column.numbers[row]) +
                       ", which no training row has; these have " + listed(out.class_names));
    out.labels.push_back(static_cast<std::int32_t>(found - values.begin()));
  }
}

void check_classes(const CsvColumn& column, const Targets& targets, const std::string& file) {
  std::vector<std::size_t> counts(targets.class_names.size());
  for (const std::int32_t label : targets.labels) ++counts[static_cast<std::size_t>(label)];
  if (counts.size() < 2)
    throw InputError(file + ": " + column.name + " is the same in every row; there is nothing to predict");
  const auto one = std::ranges::find(counts, 1u);
  if (one != counts.end())
    throw InputError(file + ": the class '" +
                     targets.class_names[static_cast<std::size_t>(one - counts.begin())] + "' of " +
                     column.name + " has one record; each class needs two or more");
}

void take_classes(const CsvTable& table, const CsvColumn& column, const CsvColumn& train, Targets& out,
                  const std::string& file) {
  for (std::size_t row = 0; row < table.rows; ++row)
    if (column.numeric ? std::isnan(column.numbers[row]) : column.codes[row] < 0)
      missing_target(line_text(table, row, file), column);
  if (column.numeric) {
    take_numbers(table, column, train, out, file);
  } else {
    out.labels = column.codes;
    out.class_names = column.categories;
  }
}

void take_values(const CsvTable& table, const Source& source, Targets& out, const std::string& file) {
  out.outputs = static_cast<std::int64_t>(source.predict.size());
  out.values.resize(table.rows * source.predict.size());
  for (std::size_t k = 0; k < source.predict.size(); ++k) {
    const CsvColumn& column = column_of(table, source.predict[k], file);
    if (!column.numeric)
      throw InputError(file + ": " + column.name + " holds categories; as values, predict numbers");
    for (std::size_t row = 0; row < table.rows; ++row) {
      if (std::isnan(column.numbers[row])) missing_target(line_text(table, row, file), column);
      out.values[row * source.predict.size() + k] = column.numbers[row];
    }
  }
}

// The targets of `table`, whose classes are those of `train`.
Targets targets_of(const CsvTable& table, const CsvTable& train, const Source& source,
                   const std::string& file) {
  Targets out;
  if (source.targets == "values") {
    take_values(table, source, out, file);
  } else {
    const std::string& name = source.predict.front();
    take_classes(table, column_of(table, name, file), column_of(train, name, file), out, file);
  }
  return out;
}

// Targets to learn from vary.
Targets training_targets(const CsvTable& table, const Source& source, const std::string& file) {
  if (source.targets != "values" && source.predict.size() > 1)
    throw InputError(file + ": " + listed(source.predict) +
                     " cannot be classes together; predict one column, or write targets = \"values\"");
  for (const std::string& name : source.predict)
    if (summary(column_of(table, name, file)).all_missing())
      throw InputError(file + ": " + name + " has no value in any row; predict another column");
  Targets out = targets_of(table, table, source, file);
  if (!out.labels.empty()) check_classes(column_of(table, source.predict.front(), file), out, file);
  if (out.outputs == 0) return out;
  for (const std::string& name : source.predict)
    if (summary(column_of(table, name, file)).constant())
      throw InputError(file + ": " + name + " is the same in every row; there is nothing to predict");
  return out;
}

// --- the set

float value_at(const CsvColumn& column, std::size_t row) {
  if (column.numeric) return column.numbers[row];
  return column.codes[row] < 0 ? std::nanf("") : static_cast<float>(column.codes[row]);
}

Json inputs_json(const std::vector<const CsvColumn*>& inputs) {
  Json out = Json::array();
  for (const CsvColumn* column : inputs)
    out.push_back({{"name", column->name}, {"categories", column->categories}});
  return out;
}

void fill_part(SharedSet& set, const std::string& part, const std::vector<const CsvColumn*>& inputs,
               const Targets& targets, std::span<const std::uint32_t> rows) {
  const auto out = set.fill<float>(part + ".inputs");
  for (std::size_t i = 0; i < rows.size(); ++i)
    for (std::size_t c = 0; c < inputs.size(); ++c)
      out[i * inputs.size() + c] = value_at(*inputs[c], rows[i]);
  if (!targets.labels.empty()) {
    const auto labels = set.fill<std::int32_t>(part + ".labels");
    for (std::size_t i = 0; i < rows.size(); ++i) labels[i] = targets.labels[rows[i]];
  } else {
    const auto width = static_cast<std::size_t>(targets.outputs);
    const auto values = set.fill<float>(part + ".targets");
    for (std::size_t i = 0; i < rows.size(); ++i)
      std::copy_n(targets.values.begin() + static_cast<std::ptrdiff_t>(rows[i] * width), width,
                  values.begin() + static_cast<std::ptrdiff_t>(i * width));
  }
}

SharedSet new_set(const Parts& parts, const std::vector<const CsvColumn*>& inputs, const Targets& targets) {
  const auto width = static_cast<std::int64_t>(inputs.size());
  Attributes attributes{{"kind", "table"}, {"inputs", inputs_json(inputs).dump()}};
  std::vector<NewColumn> columns;
  for (const auto& [name, rows] : {std::pair(std::string("train"), &parts.train), {"test", &parts.test}}) {
    const auto count = static_cast<std::int64_t>(rows->size());
    columns.push_back({name + ".inputs", Type::f32, {count, width}});
    if (targets.outputs > 0)
      columns.push_back({name + ".targets", Type::f32, {count, targets.outputs}});
    else
      columns.push_back({name + ".labels", Type::i32, {count}});
  }
  if (targets.outputs > 0) {
    attributes["outputs"] = std::to_string(targets.outputs);
  } else {
    attributes["classes"] = std::to_string(targets.class_names.size());
    attributes["class_names"] = Json(targets.class_names).dump();
  }
  return SharedSet::create(columns, std::move(attributes));
}

}  // namespace

SharedSet share_table(const CsvTable& table, const CsvTable* test, const Source& source,
                      const std::string& file) {
  for (const std::string& name : source.leave_out) column_of(table, name, file);
  for (const std::string& name : source.predict) column_of(table, name, file);
  if (source.predict.empty())
    throw InputError(file + ": which column is to be predicted? name one of " + listed(names_of(table)));
  if (table.rows == 1) throw InputError(file + ": it has one row; there must be more to train on");
  const auto inputs = inputs_of(table, source);
  if (inputs.empty())
    throw InputError(file + ": there is no column to predict " + source.predict.front() + " from");
  const Targets targets = training_targets(table, source, file);
  std::vector<const CsvColumn*> test_inputs = inputs;
  Targets test_targets = targets;
  if (test) {
    for (const CsvColumn*& column : test_inputs) column = &column_of(*test, column->name, source.test_file);
    test_targets = targets_of(*test, table, source, source.test_file);
  }
  const auto classes = static_cast<std::int64_t>(targets.class_names.size());
  const Parts parts = parts_of({table.rows, targets.labels, classes},
                               test ? std::optional(test->rows) : std::nullopt, source.test, file);
  SharedSet set = new_set(parts, inputs, targets);
  fill_part(set, "train", inputs, targets, parts.train);
  fill_part(set, "test", test_inputs, test_targets, parts.test);
  set.seal();
  return set;
}

std::vector<InputColumn> input_columns(const SharedSet& table) {
  std::vector<InputColumn> out;
  for (const Json& column : Json::parse(attribute(table, "inputs")))
    out.push_back({column.at("name").get<std::string>(), column.at("categories").get<Names>()});
  return out;
}

std::vector<std::int64_t> encoded_categories(const SharedSet& table, bool one_hot) {
  std::vector<std::int64_t> out;
  for (const InputColumn& column : input_columns(table)) {
    const std::size_t count = column.categories.size();
    if (one_hot)
      out.insert(out.end(), std::max<std::size_t>(count, 1), 0);
    else
      out.push_back(count == 0 ? 0 : static_cast<std::int64_t>(count + 1));
  }
  return out;
}

namespace {

struct Numbers : Spread {
  double median = 0;
};

// Over the values that are there.
Numbers numbers_of(std::span<const float> inputs, std::size_t width, std::size_t column,
                   std::span<const std::uint32_t> rows) {
  std::vector<float> values;
  for (const std::uint32_t row : rows)
    if (const float value = inputs[row * width + column]; !std::isnan(value)) values.push_back(value);
  Numbers out{spread_of(values.size(), [&](std::size_t i) { return values[i]; })};
  if (values.empty()) return out;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  out.median = double{*middle};
  if (values.size() % 2 == 0)
    out.median = (out.median + double{*std::max_element(values.begin(), middle)}) / 2;
  return out;
}

}  // namespace

TableEncoding::TableEncoding(const SharedSet& table, std::span<const std::uint32_t> rows, bool scale,
                             bool one_hot)
    : categories_(encoded_categories(table, one_hot)) {
  const std::vector<InputColumn> columns = input_columns(table);
  const std::span<const float> inputs = table.at("train.inputs").as<float>();
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const auto count = static_cast<std::int64_t>(columns[c].categories.size());
    if (count > 0) {
      parts_.push_back({false, one_hot ? count : 1, one_hot, 0, 1, 0});
      continue;
    }
    const Numbers n = numbers_of(inputs, columns.size(), c, rows);
    parts_.push_back({true, 1, false, static_cast<float>(scale ? n.mean : 0),
                      static_cast<float>(scale ? 1 / n.sd : 1), static_cast<float>(n.median)});
  }
}

void TableEncoding::gather(std::span<const float> inputs, std::span<const std::uint32_t> rows,
                           float* out) const {
  const std::size_t width = parts_.size();
  for (const std::uint32_t row : rows) {
    if (row >= inputs.size() / width)
      throw InputError("row " + std::to_string(row) + " is out of range; the " +
                       std::to_string(inputs.size() / width) + " rows count from 0");
    const float* in = inputs.data() + row * width;
    for (const Part& part : parts_) {
      const float value = *in++;
      const bool missing = std::isnan(value);
      if (part.number) {
        *out++ = ((missing ? part.median : value) - part.mean) * part.scale;
      } else if (!part.one_hot) {
        *out++ = missing ? 0 : value + 1;
      } else {
        std::fill_n(out, part.width, 0.0f);
        if (!missing) out[static_cast<std::int64_t>(value)] = 1;
        out += part.width;
      }
    }
  }
}

}  // namespace basin::data
