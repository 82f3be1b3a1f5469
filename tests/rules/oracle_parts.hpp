// What several oracles need.
#pragma once
#include <cmath>
#include <string>

#include "tests/rules/oracle.hpp"

namespace basin::test {

using Memory = std::map<std::string, Vector>;

inline Vector& remembered(Memory& memory, const std::string& name, std::size_t n, double initial = 0) {
  return memory.try_emplace(name, Vector(n, initial)).first->second;
}

// The gradient of loss + decay/2 |x|^2.
inline Vector regularised(const Vector& x, const Vector& g, const Knobs& k) {
  Vector d = g;
  for (std::size_t i = 0; i < d.size(); ++i) d[i] += k.at("weight_decay") * x[i];
  return d;
}

// The oracles of the families, by name.
std::map<std::string, Oracle> oracles_of_sgd();
std::map<std::string, Oracle> oracles_of_squares();  // Adagrad and what divides by a running mean of squares
std::map<std::string, Oracle> oracles_of_adam();
std::map<std::string, Oracle> oracles_of_signs();    // Rprop, Lion
std::map<std::string, Oracle> oracles_of_chains();

}  // namespace basin::test
