#include "tests/rules/oracle.hpp"

#include <cmath>

namespace basin::test {
namespace {

using Memory = std::map<std::string, Vector>;

Vector& remembered(Memory& memory, const std::string& name, std::size_t n, double initial = 0) {
  return memory.try_emplace(name, Vector(n, initial)).first->second;
}

// The gradient of loss + decay/2 |x|^2.
Vector regularised(const Vector& x, const Vector& g, const Knobs& k) {
  Vector d = g;
  for (std::size_t i = 0; i < d.size(); ++i) d[i] += k.at("weight_decay") * x[i];
  return d;
}

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

// Duchi et al. 2011.
void adagrad(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int t) {
  const Vector d = regularised(x, g, k);
  Vector& sum = remembered(memory, "sum", x.size(), k.at("initial_accumulator_value"));
  const double rate = k.at("lr") / (1 + (t - 1) * k.at("lr_decay"));
  for (std::size_t i = 0; i < x.size(); ++i) {
    sum[i] = sum[i] + d[i] * d[i];
    x[i] = x[i] - rate * d[i] / (std::sqrt(sum[i]) + k.at("eps"));
  }
}

// Tieleman & Hinton 2012.
void rmsprop(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int) {
  const Vector d = regularised(x, g, k);
  Vector& mean_square = remembered(memory, "mean_square", x.size());
  const double alpha = k.at("alpha");
  for (std::size_t i = 0; i < x.size(); ++i) {
    mean_square[i] = alpha * mean_square[i] + (1 - alpha) * d[i] * d[i];
    x[i] = x[i] - k.at("lr") * d[i] / (std::sqrt(mean_square[i]) + k.at("eps"));
  }
}

// Kingma & Ba 2015, Algorithm 1.
void adam_step(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int t) {
  Vector &m = remembered(memory, "m", x.size()), &v = remembered(memory, "v", x.size());
  const double b1 = k.at("beta1"), b2 = k.at("beta2");
  for (std::size_t i = 0; i < x.size(); ++i) {
    m[i] = b1 * m[i] + (1 - b1) * g[i];
    v[i] = b2 * v[i] + (1 - b2) * g[i] * g[i];
    const double m_hat = m[i] / (1 - std::pow(b1, t)), v_hat = v[i] / (1 - std::pow(b2, t));
    x[i] = x[i] - k.at("lr") * m_hat / (std::sqrt(v_hat) + k.at("eps"));
  }
}

void adam(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int t) {
  adam_step(x, regularised(x, g, k), memory, k, t);
}

// Loshchilov & Hutter 2019, Algorithm 2: the weights shrink apart from the gradient.
void adamw(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int t) {
  const Vector before = x;
  adam_step(x, g, memory, k, t);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] -= k.at("lr") * k.at("weight_decay") * before[i];
}

}  // namespace

const Oracle& oracle(const std::string& rule) {
  static const std::map<std::string, Oracle> oracles{
      {"sgd", sgd},         {"momentum", momentum}, {"nesterov", nesterov}, {"adagrad", adagrad},
      {"rmsprop", rmsprop}, {"adam", adam},         {"adamw", adamw}};
  return oracles.at(rule);
}

}  // namespace basin::test
