// Searches and prints the regret of every run: what benchmarks and judges compare.
//
//   basin_regrets SAMPLER FUNCTION RUNS TRIALS...    one line per run: the regret after each number of trials
#include <cstdio>
#include <cstdlib>

#include "basin/core/error.hpp"
#include "basin/search/samplers.hpp"
#include "tests/search/functions.hpp"

namespace {

using namespace basin::search;

Function function_named(const std::string& name) {
  for (const Function& f : {branin(), hartmann6(), sphere(), rosenbrock()})
    if (f.name == name) return f;
  throw basin::InputError("no function '" + name + "'");
}

void print_regrets(const Sampler& sampler, const Function& function, int runs,
                   const std::vector<std::size_t>& trials) {
  for (int run = 0; run < runs; ++run) {
    const std::vector<double> all =
        regrets(sampler, function, static_cast<std::uint64_t>(run), trials.back());
    for (const std::size_t n : trials) std::printf("%.9g ", all[n - 1]);
    std::printf("\n");
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) {
    std::fprintf(stderr, "basin_regrets SAMPLER FUNCTION RUNS TRIALS...\n");
    return 2;
  }
  std::vector<std::size_t> trials;  // ascending
  for (int i = 4; i < argc; ++i) trials.push_back(static_cast<std::size_t>(std::atoi(argv[i])));
  print_regrets(*make_sampler(argv[1]), function_named(argv[2]), std::atoi(argv[3]), trials);
}
