#include <algorithm>

#include "tests/rules/oracle_parts.hpp"

namespace basin::test {
namespace {

double sign_of(double v) { return v > 0 ? 1 : v < 0 ? -1 : 0; }

// Chen et al. 2023, Algorithm 2.
void lion(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int) {
  Vector& m = remembered(memory, "m", x.size());
  const double b1 = k.at("beta1"), b2 = k.at("beta2");
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double update = sign_of(b1 * m[i] + (1 - b1) * g[i]);
    x[i] = x[i] - k.at("lr") * (update + k.at("weight_decay") * x[i]);
    m[i] = b2 * m[i] + (1 - b2) * g[i];
  }
}

// Riedmiller & Braun 1993 without backtracking.
void rprop(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int) {
  Vector& before = remembered(memory, "before", x.size());
  Vector& size = remembered(memory, "size", x.size(), k.at("lr"));
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double turn = before[i] * g[i];
    double gradient = g[i];
    if (turn > 0) size[i] *= k.at("etaplus");
    if (turn < 0) size[i] *= k.at("etaminus"), gradient = 0;
    size[i] = std::clamp(size[i], k.at("step_min"), k.at("step_max"));
    x[i] -= size[i] * sign_of(gradient);
    before[i] = gradient;
  }
}

}  // namespace

std::map<std::string, Oracle> oracles_of_signs() { return {{"lion", lion}, {"rprop", rprop}}; }

}  // namespace basin::test
