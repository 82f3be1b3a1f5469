// The families of oracles, and what they share. oracle.cpp combines them.
#pragma once
#include "tests/rules/oracle.hpp"

namespace basin::test {

using Memory = std::map<std::string, Vector>;
using Family = std::map<std::string, Oracle>;

Family sgd_family();             // one rate for all weights, and Rprop
Family adagrad_family();         // a rate for each weight, from squared gradients
Family adam_family();            // with momentum
Family later_family();           // what came later
Family parameter_free_family();  // those that need sums, most of which find their own rate
Family matrix_family();          // those with row and column state
Family dialect_family();         // all of these as other libraries compute them

inline Vector& remembered(Memory& memory, const std::string& name, std::size_t n, double initial = 0) {
  return memory.try_emplace(name, Vector(n, initial)).first->second;
}

// The gradient of loss + decay/2 |x|^2.
inline Vector regularised(const Vector& x, const Vector& g, const Knobs& k) {
  Vector d = g;
  for (std::size_t i = 0; i < d.size(); ++i) d[i] += k.at("weight_decay") * x[i];
  return d;
}

}  // namespace basin::test
