#include "basin/data/kinds/stream_set.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "basin/core/error.hpp"
#include "basin/core/names.hpp"
#include "basin/data/kinds/kinds.hpp"

namespace basin::data {
namespace {

std::int64_t share_of(double share, std::int64_t count) {
  return std::llround(share * static_cast<double>(count));
}

// How many steps are for the test. Each part must hold an example: `least` steps.
std::int64_t test_steps(std::int64_t count, const Source& source, std::int64_t least,
                        const std::string& file) {
  const std::int64_t test = share_of(source.test, count);
  const TrainingSteps rest = training_steps(count - test, source.validation);
  const std::int64_t shortest = std::min({test, rest.train.count(), rest.validation.count()});
  if (shortest < least)
    throw InputError(file + ": of its " + std::to_string(count) + " steps the shortest part has " +
                     std::to_string(shortest) + ", but an example takes " + std::to_string(least) +
                     "; choose a shorter window, or more data");
  return test;
}

std::vector<const CsvColumn*> numeric_columns(const CsvTable& table, const Source& source,
                                              const std::string& file) {
  std::vector<const CsvColumn*> out;
  Names names;
  for (const CsvColumn& column : table.columns) {
    names.push_back(column.name);
    if (source.predict.empty() && column.numeric) out.push_back(&column);
  }
  for (const std::string& name : source.predict) {
    const auto found = std::ranges::find(table.columns, name, &CsvColumn::name);
    if (found == table.columns.end()) throw InputError(file + ": " + unknown("column", name, names));
    if (!found->numeric) throw InputError(file + ": " + name + " holds categories; a series is of numbers");
    out.push_back(&*found);
  }
  if (out.empty()) throw InputError(file + ": it has no column of numbers; a series needs one");
  return out;
}

}  // namespace

TrainingSteps training_steps(std::int64_t count, double validation_share) {
  const std::int64_t validation = share_of(validation_share, count);
  return {{0, count - validation}, {count - validation, count}};
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
      throw InputError(file + ": row " + std::to_string(gap - column->numbers.begin() + 1) + " has no " +
                       column->name + "; a series must not have gaps");
  }
  SharedSet set = SharedSet::create(
      {{"train.series", Type::f32, {count - test, channels}}, {"test.series", Type::f32, {test, channels}}},
      {{"kind", "series"},
       {"names", nlohmann::json(names).dump()},
       {"outputs", std::to_string(source.horizon * channels)}});
  for (std::int64_t step = 0; step < count; ++step) {
    const bool train = step < count - test;
    const auto series = set.fill<float>(train ? "train.series" : "test.series");
    const std::int64_t row = train ? step : step - (count - test);
    for (std::size_t c = 0; c < columns.size(); ++c)
      series[static_cast<std::size_t>(row * channels) + c] =
          columns[c]->numbers[static_cast<std::size_t>(step)];
  }
  set.seal();
  return set;
}

}  // namespace basin::data
