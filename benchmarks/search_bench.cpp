// Question  What does it take to ask a sampler for the next point and to tell it the result? At most 50 us
//           for random and Sobol, 1 ms for TPE after 1,000 trials, 100 us for CMA-ES, 0.1 s for GP after 200?
// Command   make bench, or build/release/bin/search_bench; benchmarks/search_speed puts Python's Optuna
//           beside
// Reads     `trials` are finished when the sampler is asked; five real parameters. A sampler has no state: to
//           tell it a result is to append it
#include <benchmark/benchmark.h>

#include <map>
#include <string>

#include "basin/search/samplers.hpp"
#include "tests/search/functions.hpp"

namespace {

using namespace basin::search;

const Function& function() {
  static const Function five{"rosenbrock", box(5, -5, 5), 0, rosenbrock().value};
  return five;
}

// The trials of a search that the sampler itself made; of a slow one, those that CMA-ES made.
const std::vector<Observation>& searched(const std::string& sampler, std::size_t trials) {
  static std::map<std::pair<std::string, std::size_t>, std::vector<Observation>> known;
  std::vector<Observation>& out = known[{sampler, trials}];
  const auto maker = make_sampler(sampler == "gp" ? "cma" : sampler);
  while (out.size() < trials) {
    const Point point = *suggest(*maker, function().space, out, 1, out.size());
    out.push_back({point, {function().value(point)}});
  }
  return out;
}

void ask_and_tell(benchmark::State& state, const std::string& name, std::size_t trials) {
  const auto sampler = make_sampler(name);
  std::vector<Observation> earlier = searched(name, trials);
  std::uint64_t seed = 1;
  for (auto _ : state) {
    const Point point = *suggest(*sampler, function().space, earlier, ++seed, trials);
    earlier.push_back({point, {1.0}});
    benchmark::DoNotOptimize(earlier.data());
    earlier.pop_back();
  }
}

}  // namespace

int main(int argc, char** argv) {
  for (const SamplerInfo& info : sampler_infos())
    for (const std::size_t trials : {std::size_t{20}, std::size_t{200}, std::size_t{1000}}) {
      if ((info.name == "gp" && trials > 200) || (info.name == "grid" && trials > 200)) continue;
      const std::string name(info.name);
      benchmark::RegisterBenchmark((name + "/" + std::to_string(trials)).c_str(), [name, trials](
                                                                                      benchmark::State& s) {
        ask_and_tell(s, name, trials);
      })->Unit(benchmark::kMicrosecond);
    }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
