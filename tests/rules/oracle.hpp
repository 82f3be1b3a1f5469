// The oracles: every rule written a second time from its paper, in double for a whole vector, independently
// of the rule's file. Deliberately unlike the formulas: loops over vectors, in the textbook's order of
// operations.
#pragma once
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace basin::test {

using Vector = std::vector<double>;
using Knobs = std::map<std::string, double>;

// Advances x by step number t (from 1); `memory` starts empty and belongs to the oracle.
using Oracle = std::function<void(Vector& x, const Vector& g, std::map<std::string, Vector>& memory,
                                  const Knobs& k, int t)>;

// Returns the oracle by the rule's name. Throws std::out_of_range for a rule without one: every rule must
// have one.
const Oracle& oracle(const std::string& rule);

}  // namespace basin::test
