// Question  Is a batch gathered, normalised and converted as fast as its bytes can be moved?
// Command   make bench, or build/release/bin/gather_bench
// Reads     `bytes_per_second` counts a byte read and a float written for each pixel value; the copy beside
//           it moves as many bytes in a straight line, which no gather can beat
#include <benchmark/benchmark.h>

#include <cstring>
#include <numeric>
#include <vector>

#include "basin/core/philox.hpp"
#include "basin/data/batch.hpp"

namespace {

constexpr std::int64_t records = 60'000, batch = 64;

void gather(benchmark::State& state) {
  const std::int64_t channels = state.range(0), image_bytes = state.range(1);
  std::vector<std::uint8_t> images(static_cast<std::size_t>(records * image_bytes));
  std::iota(images.begin(), images.end(), std::uint8_t{0});
  std::vector<std::uint32_t> all(static_cast<std::size_t>(records));
  std::iota(all.begin(), all.end(), 0u);
  const auto order = basin::data::order(1, 0, 1, all);
  const basin::data::Normalization normalization{
      std::vector<double>(static_cast<std::size_t>(channels), 0.5),
      std::vector<double>(static_cast<std::size_t>(channels), 0.25)};
  std::vector<float> out(static_cast<std::size_t>(batch * image_bytes));
  std::size_t at = 0;
  for (auto _ : state) {
    basin::data::gather(images, image_bytes, std::span(order).subspan(at, batch), normalization, out.data());
    benchmark::DoNotOptimize(out.data());
    at = (at + 2 * batch) % (order.size() - batch);
  }
  state.SetBytesProcessed(state.iterations() * batch * image_bytes * 5);
}
BENCHMARK(gather)->Name("gather/grey_28x28")->Args({1, 28 * 28});
BENCHMARK(gather)->Name("gather/colour_32x32")->Args({3, 32 * 32 * 3});

void copy(benchmark::State& state) {
  const auto bytes =
      static_cast<std::size_t>(batch * 28 * 28 * 5 / 2);  // read once and written once: as many moved
  std::vector<std::uint8_t> from(bytes * 1000), to(bytes);
  std::size_t at = 0;
  for (auto _ : state) {
    std::memcpy(to.data(), from.data() + at, bytes);
    benchmark::DoNotOptimize(to.data());
    at = (at + 2 * bytes) % (from.size() - bytes);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(2 * bytes));
}
BENCHMARK(copy)->Name("copy/as_many_bytes");

}  // namespace

BENCHMARK_MAIN();
