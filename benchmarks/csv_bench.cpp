// Question  Is a CSV file of numbers read at 200 MB/s or more by one thread?
// Command   make bench, or build/release/bin/csv_bench
// Reads     `bytes_per_second` counts the bytes of the file. `numbers` has nine columns like those of
//           California housing; `mixed` has a category besides; `checked` only proves that the text is UTF-8;
//           `from_chars` only converts, knowing where each number is, which no reader can beat
#include <benchmark/benchmark.h>

#include <charconv>
#include <cstdio>
#include <string>
#include <vector>

#include "basin/data/readers/csv.hpp"
#include "basin/data/readers/utf8.hpp"

namespace {

constexpr std::size_t rows = 100'000;

std::span<const std::uint8_t> bytes_of(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string table(bool category) {
  std::string out = "longitude,latitude,age,rooms,bedrooms,population,households,income,value";
  out += category ? ",proximity\n" : "\n";
  unsigned seed = 1;
  const auto next = [&seed](unsigned below) { return (seed = seed * 1664525u + 1013904223u) % below; };
  char line[160];
  for (std::size_t i = 0; i < rows; ++i) {
    std::snprintf(line, sizeof line, "-%u.%02u,%u.%02u,%u.0,%u.0,%u.0,%u.0,%u.0,%u.%04u,%u.0%s",
                  114 + next(10), next(100), 32 + next(10), next(100), 1 + next(52), next(6000), next(1000),
                  next(3000), next(900), next(15), next(10000), 15000 + next(485000),
                  category ? ",NEAR BAY\n" : "\n");
    out += line;
  }
  return out;
}

void parse(benchmark::State& state, bool category) {
  const std::string text = table(category);
  for (auto _ : state) benchmark::DoNotOptimize(basin::data::parse_csv(bytes_of(text)));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK_CAPTURE(parse, numbers, false)->Name("csv/numbers")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(parse, mixed, true)->Name("csv/mixed")->Unit(benchmark::kMillisecond);

void checked(benchmark::State& state) {
  const std::string text = table(false);
  for (auto _ : state) basin::data::check_utf8(text);
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(checked)->Name("csv/checked")->Unit(benchmark::kMillisecond);

void from_chars(benchmark::State& state) {
  const std::string text = table(false);
  std::vector<std::size_t> begins;
  for (std::size_t i = text.find('\n'); i + 1 < text.size(); ++i)
    if (text[i] == ',' || text[i] == '\n') begins.push_back(i + 1);
  for (auto _ : state) {
    float sum = 0;
    for (const std::size_t begin : begins) {
      float value = 0;
      std::from_chars(text.data() + begin, text.data() + text.size(), value);
      sum += value;
    }
    benchmark::DoNotOptimize(sum);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(from_chars)->Name("csv/from_chars")->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
