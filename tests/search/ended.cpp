// Says where a pruner ends trials: what optuna_pruners_judge.py compares with Optuna's.
//
// Standard input is the text of a pruner, then a line for each trial: the values that it would report, as
// many for each. Standard output is a line for each trial: how many it reported.
#include <iostream>
#include <sstream>
#include <string>

#include "basin/core/knobs.hpp"
#include "basin/search/pruners.hpp"

namespace basin::search {
namespace {

std::vector<double> read_values(const std::string& line) {
  std::vector<double> values;
  std::istringstream words(line);
  for (std::string word; words >> word;)
    values.push_back(number_of(word).value_or(std::numeric_limits<double>::quiet_NaN()));
  return values;
}

void run(const Pruner& pruner, const std::string& line, std::vector<Curve>& trials) {
  const auto values = read_values(line);
  Curve trial{.number = static_cast<int>(trials.size())};
  for (const double value : values) {
    trial.points.emplace_back(
        static_cast<double>(trial.points.size() + 1) / static_cast<double>(values.size()), value);
    if (pruner.prune(trial, trials)) break;
  }
  std::cout << trial.points.size() << '\n';
  trial.complete = trial.points.size() == values.size();
  trials.push_back(std::move(trial));
}

}  // namespace
}  // namespace basin::search

int main() {
  std::string line;
  std::getline(std::cin, line);
  const auto pruner = basin::search::make_pruner(line);
  std::vector<basin::search::Curve> trials;
  while (std::getline(std::cin, line)) basin::search::run(*pruner, line, trials);
}
