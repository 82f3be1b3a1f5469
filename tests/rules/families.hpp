// The families that the oracles are written in, and what they share. oracle.cpp puts them together.
#pragma once
#include "tests/rules/oracle.hpp"

namespace basin::test {

using Memory = std::map<std::string, Vector>;
using Family = std::map<std::string, Oracle>;

Family sgd_family();             // one rate for all weights, and Rprop
Family adagrad_family();         // a rate a weight, from squared gradients
Family adam_family();            // and momentum
Family later_family();           // what came after them
Family parameter_free_family();  // those that look at sums, most of which find their own rate
Family matrix_family();          // those that remember rows and columns
Family dialect_family();         // and all of these as other libraries compute them

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
