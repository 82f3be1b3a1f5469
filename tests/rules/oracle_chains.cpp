#include <numeric>

#include "tests/rules/oracle_parts.hpp"

namespace basin::test {
namespace {

// What a rule would do with rate 1, without moving x.
Vector direction(const std::string& rule, const Vector& x, const Vector& g, Memory& memory, Knobs k, int t) {
  k["lr"] = 1;
  Vector moved = x;
  oracle(rule)(moved, g, memory, k, t);
  for (std::size_t i = 0; i < x.size(); ++i) moved[i] = x[i] - moved[i];
  return moved;
}

double norm(const Vector& v) { return std::sqrt(std::inner_product(v.begin(), v.end(), v.begin(), 0.0)); }

// You et al. 2020, Algorithm 2: a step as long as the weights, along AdamW's.
void lamb(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int t) {
  const Vector u = direction("adamw", x, g, memory, k, t);
  const double ratio = norm(x) > 0 && norm(u) > 0 ? norm(x) / norm(u) : 1;
  for (std::size_t i = 0; i < x.size(); ++i) x[i] -= k.at("lr") * ratio * u[i];
}

// Liang et al. 2024, Algorithm 1: only where Adam's direction agrees with the gradient; decay apart.
void cautious_adamw(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int t) {
  const Vector u = direction("adam", x, g, memory, k, t);
  double agreeing = 0;
  for (std::size_t i = 0; i < x.size(); ++i) agreeing += u[i] * g[i] > 0 ? 1 : 0;
  const double scale = static_cast<double>(x.size()) / agreeing;
  for (std::size_t i = 0; i < x.size(); ++i) x[i] -= k.at("lr") * ((u[i] * g[i] > 0 ? scale * u[i] : 0) + 0.01 * x[i]);
}

}  // namespace

std::map<std::string, Oracle> oracles_of_chains() { return {{"lamb", lamb}, {"cautious_adamw", cautious_adamw}}; }

}  // namespace basin::test
