#include "basin/data/kinds/stream_set.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "basin/core/error.hpp"
#include "basin/core/knobs.hpp"
#include "basin/data/kinds/kinds.hpp"

namespace basin::data {
namespace {

// How many steps are for the test. Each part must hold an example: `least` steps.
std::int64_t test_steps(std::int64_t count, const Source& source, std::int64_t least,
                        const std::string& file) {
  const std::int64_t test = share_of(source.test, count);
  const auto [train, validation] = training_steps(count - test, source.validation);
  if (std::min({test, train.count(), validation.count()}) < least)
    throw InputError(file + ": of its " + std::to_string(count) + " steps, test = " + text_of(source.test) +
                     " and validation = " + text_of(source.validation) + " leave " +
                     std::to_string(train.count()) + " to train on, " + std::to_string(validation.count()) +
                     " to validate with and " + std::to_string(test) +
                     " for the test, but an example takes " + std::to_string(least) +
                     "; choose a shorter window, or more data");
  return test;
}

std::vector<const CsvColumn*> numeric_columns(const CsvTable& table, const Source& source,
                                              const std::string& file) {
  std::vector<const CsvColumn*> out;
  for (const CsvColumn& column : table.columns)
    if (source.predict.empty() && column.numeric) out.push_back(&column);
  for (const std::string& name : source.predict) {
    const CsvColumn& column = column_of(table, name, file);
    if (!column.numeric) throw InputError(file + ": " + name + " holds categories; a series is of numbers");
    out.push_back(&column);
  }
  if (out.empty()) throw InputError(file + ": it has no column of numbers; a series needs one");
  return out;
}

}  // namespace

TrainingSteps training_steps(std::int64_t count, double validation_share) {
  const std::int64_t validation = share_of(validation_share, count);
  return {{0, count - validation}, {count - validation, count}};
}

std::int64_t text_windows(std::int64_t steps, const Source& source) { return (steps - 1) / source.window; }

std::int64_t series_windows(std::int64_t steps, const Source& source) {
  return steps - source.window - source.horizon + 1;
}

SharedSet share_text(const TextCorpus& corpus, const Source& source, const std::string& file) {
  const auto count = static_cast<std::int64_t>(corpus.ids.size());
  const std::int64_t test = test_steps(count, source, source.window + 1, file), train = count - test;
  const std::vector<std::uint32_t> symbols(corpus.symbols.begin(), corpus.symbols.end());
  SharedSet set =
      SharedSet::create({{"train.tokens", Type::u16, {train}}, {"test.tokens", Type::u16, {test}}},
                        {{"kind", "text"},
                         {"symbols", nlohmann::json(symbols).dump()},
                         {"classes", std::to_string(symbols.size())}});
  std::copy_n(corpus.ids.begin(), train, set.fill<std::uint16_t>("train.tokens").begin());
  std::copy_n(corpus.ids.begin() + train, test, set.fill<std::uint16_t>("test.tokens").begin());
  set.seal();
  return set;
}

SharedSet share_series(const CsvTable& table, const Source& source, const std::string& file) {
  const auto columns = numeric_columns(table, source, file);
  const auto count = static_cast<std::int64_t>(table.rows),
             channels = static_cast<std::int64_t>(columns.size());
  const std::int64_t test = test_steps(count, source, source.window + source.horizon, file);
  Names names;
  for (const CsvColumn* column : columns) {
    names.push_back(column->name);
    const auto gap = std::ranges::find_if(column->numbers, [](float v) { return std::isnan(v); });
    if (gap != column->numbers.end())
      throw InputError(
          file + ": line " +
          std::to_string(line_of(table, static_cast<std::size_t>(gap - column->numbers.begin()))) +
          " has no " + column->name + "; a series must not have gaps");
  }
  SharedSet set = SharedSet::create(
      {{"train.series", Type::f32, {count - test, channels}}, {"test.series", Type::f32, {test, channels}}},
      {{"kind", "series"},
       {"names", nlohmann::json(names).dump()},
       {"outputs", std::to_string(source.horizon * channels)}});
  std::size_t step = 0;
  for (const std::span<float> part : {set.fill<float>("train.series"), set.fill<float>("test.series")})
    for (std::size_t at = 0; at < part.size(); at += columns.size(), ++step)
      for (std::size_t c = 0; c < columns.size(); ++c) part[at + c] = columns[c]->numbers[step];
  set.seal();
  return set;
}

}  // namespace basin::data
