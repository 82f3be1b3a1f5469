#include "tests/rules/oracle_parts.hpp"

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

// Nesterov 1983 as in Sutskever et al. 2013: the weights kept are those that the momentum has already carried.
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

// Sutskever et al. 2013, eq. 1-2: the velocity is a displacement.
void momentum_inside(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int) {
  const Vector d = regularised(x, g, k);
  Vector& velocity = remembered(memory, "velocity", x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    velocity[i] = k.at("momentum") * velocity[i] - k.at("lr") * d[i];
    x[i] = x[i] + velocity[i];
  }
}

// Polyak & Juditsky 1992 as Bottou 2010 runs it: regularised SGD with a falling rate; the average is a running mean.
void asgd(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int t) {
  const Vector d = regularised(x, g, k);
  Vector& average = remembered(memory, "average", x.size());
  const double eta = k.at("lr") * std::pow(1 + k.at("lambd") * k.at("lr") * (t - 1), -k.at("alpha"));
  for (std::size_t i = 0; i < x.size(); ++i) {
    x[i] = x[i] - eta * k.at("lambd") * x[i] - eta * d[i];
    const double seen = std::max(1.0, t - 1 - k.at("t0"));
    average[i] = average[i] * (1 - 1 / seen) + x[i] / seen;
  }
}

}  // namespace

std::map<std::string, Oracle> oracles_of_sgd() {
  return {{"sgd", sgd}, {"momentum", momentum}, {"momentum_inside", momentum_inside}, {"nesterov", nesterov}, {"asgd", asgd}};
}

}  // namespace basin::test
