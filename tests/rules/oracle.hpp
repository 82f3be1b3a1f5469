// The oracles: every rule once more, written from its paper in double for a whole vector, apart from the
// rule's file. Deliberately another shape than the formulas: loops over vectors, the textbook's order of
// operations.
#pragma once
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace basin::test {

using Vector = std::vector<double>;
using Knobs = std::map<std::string, double>;

// Advances x by one step of step number t (from 1); `memory` starts empty and is the oracle's own.
using Oracle = std::function<void(Vector& x, const Vector& g, std::map<std::string, Vector>& memory,
                                  const Knobs& k, int t)>;

// By the rule's name. Throws std::out_of_range for a rule without an oracle: no rule goes without.
const Oracle& oracle(const std::string& rule);

}  // namespace basin::test
