#include <algorithm>
#include <cmath>

#include "tests/rules/families.hpp"

namespace basin::test {
namespace {

// Robbins & Monro 1951.
void sgd(Vector& x, const Vector& g, Memory&, const Knobs& k, int) {
  const Vector d = regularised(x, g, k);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = x[i] - k.at("lr") * d[i];
}

// Polyak 1964, velocity without the rate; PyTorch's dampening, not applied to the first gradient.
void momentum(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int t) {
  const Vector d = regularised(x, g, k);
  Vector& velocity = remembered(memory, "velocity", x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    velocity[i] = t == 1 ? d[i] : k.at("momentum") * velocity[i] + (1 - k.at("dampening")) * d[i];
    x[i] = x[i] - k.at("lr") * velocity[i];
  }
}

// Nesterov 1983 as in Sutskever et al. 2013: the stored weights are those that the momentum has already
// carried.
void nesterov(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int) {
  const Vector d = regularised(x, g, k);
  Vector& velocity = remembered(memory, "velocity", x.size());
  const double mu = k.at("momentum");
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double before = velocity[i];
    velocity[i] = mu * before - k.at("lr") * d[i];
    x[i] = x[i] - mu * before + (1 + mu) * velocity[i];
  }
}

// Polyak 1964, eq. 9: a step against the gradient, plus mu times the previous step.
void heavy_ball(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int t) {
  const Vector d = regularised(x, g, k);
  Vector& last = remembered(memory, "last", x.size());
  if (t == 1) last = x;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double here = x[i];
    x[i] = here - k.at("lr") * d[i] + k.at("momentum") * (here - last[i]);
    last[i] = here;
  }
}

// Bottou 2012. The mean of Polyak & Juditsky 1992 does not affect the weights; identities_test.cpp tests it.
void asgd(Vector& x, const Vector& g, Memory&, const Knobs& k, int t) {
  const Vector d = regularised(x, g, k);
  const double rate = k.at("lr") * std::pow(1 + k.at("lambd") * k.at("lr") * (t - 1), -k.at("alpha"));
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = (1 - k.at("lambd") * rate) * x[i] - rate * d[i];
}

// Igel & Huesken 2003, iRprop-.
void rprop(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int) {
  Vector &last = remembered(memory, "last", x.size()),
         &size = remembered(memory, "size", x.size(), k.at("lr"));
  for (std::size_t i = 0; i < x.size(); ++i) {
    double now = g[i];
    if (last[i] * now > 0) size[i] = std::min(size[i] * k.at("etaplus"), k.at("step_size_max"));
    if (last[i] * now < 0) {
      size[i] = std::max(size[i] * k.at("etaminus"), k.at("step_size_min"));
      now = 0;
    }
    if (now > 0) x[i] -= size[i];
    if (now < 0) x[i] += size[i];
    last[i] = now;
  }
}

// Chen et al. 2023, Algorithm 2.
void lion(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int) {
  Vector& m = remembered(memory, "m", x.size());
  const double b1 = k.at("beta1"), b2 = k.at("beta2");
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double c = b1 * m[i] + (1 - b1) * g[i];
    const double step = c > 0 ? 1 : c < 0 ? -1 : 0;
    x[i] = x[i] - k.at("lr") * (step + k.at("weight_decay") * x[i]);
    m[i] = b2 * m[i] + (1 - b2) * g[i];
  }
}

}  // namespace

Family sgd_family() {
  return {{"sgd", sgd},   {"momentum", momentum}, {"nesterov", nesterov}, {"heavy_ball", heavy_ball},
          {"asgd", asgd}, {"rprop", rprop},       {"lion", lion}};
}

}  // namespace basin::test
