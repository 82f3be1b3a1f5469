#include "tests/rules/oracle.hpp"

#include "tests/rules/oracle_parts.hpp"

namespace basin::test {

const Oracle& oracle(const std::string& rule) {
  static const std::map<std::string, Oracle> oracles = [] {
    std::map<std::string, Oracle> all;
    for (auto family : {oracles_of_sgd(), oracles_of_squares(), oracles_of_adam(), oracles_of_signs(), oracles_of_chains()})
      all.merge(family);
    return all;
  }();
  return oracles.at(rule);
}

}  // namespace basin::test
