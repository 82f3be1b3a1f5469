#include <algorithm>

#include "tests/rules/oracle_parts.hpp"

namespace basin::test {
namespace {

// What Adam and its kin gather, freed of the bias to zero.
struct Moments {
  Vector mean, square;
};

Moments gather(const Vector& g, Memory& memory, const Knobs& k, int t) {
  Vector &m = remembered(memory, "m", g.size()), &v = remembered(memory, "v", g.size());
  const double b1 = k.at("beta1"), b2 = k.at("beta2");
  Moments out;
  for (std::size_t i = 0; i < g.size(); ++i) {
    m[i] = b1 * m[i] + (1 - b1) * g[i];
    v[i] = b2 * v[i] + (1 - b2) * g[i] * g[i];
    out.mean.push_back(m[i] / (1 - std::pow(b1, t)));
    out.square.push_back(v[i] / (1 - std::pow(b2, t)));
  }
  return out;
}

// Kingma & Ba 2015, Algorithm 1; Reddi et al. 2018 where the second moment may only grow.
void adam_step(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int t, bool amsgrad) {
  const Moments hat = gather(g, memory, k, t);
  Vector& largest = remembered(memory, "largest", x.size());
  const double free = 1 - std::pow(k.at("beta2"), t);
  for (std::size_t i = 0; i < x.size(); ++i) {
    largest[i] = std::max(largest[i], memory["v"][i]);
    const double square = amsgrad ? largest[i] / free : hat.square[i];
    x[i] = x[i] - k.at("lr") * hat.mean[i] / (std::sqrt(square) + k.at("eps"));
  }
}
void adam(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int t) {
  adam_step(x, regularised(x, g, k), memory, k, t, false);
}
void amsgrad(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int t) {
  adam_step(x, regularised(x, g, k), memory, k, t, true);
}

// Loshchilov & Hutter 2019, Algorithm 2: the weights shrink apart from the gradient.
void decoupled(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int t, bool largest) {
  const Vector before = x;
  adam_step(x, g, memory, k, t, largest);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] -= k.at("lr") * k.at("weight_decay") * before[i];
}
void adamw(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int t) { decoupled(x, g, memory, k, t, false); }
void amsgradw(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int t) { decoupled(x, g, memory, k, t, true); }

// Kingma & Ba 2015, Algorithm 2.
void adamax(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int t) {
  const Vector d = regularised(x, g, k);
  const Moments hat = gather(d, memory, k, t);
  Vector& norm = remembered(memory, "norm", x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    norm[i] = std::max(k.at("beta2") * norm[i], std::abs(d[i]) + k.at("eps"));
    x[i] = x[i] - k.at("lr") * hat.mean[i] / norm[i];
  }
}

// Dozat 2016, Algorithm 2, with the products of the momenta multiplied out anew at every step.
void nadam(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int t) {
  const Vector d = regularised(x, g, k);
  const Moments hat = gather(d, memory, k, t);
  const auto mu = [&](int step) { return k.at("beta1") * (1 - 0.5 * std::pow(0.96, step * k.at("momentum_decay"))); };
  double product = 1;
  for (int step = 1; step <= t; ++step) product *= mu(step);
  const double ahead = product * mu(t + 1);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double m_bar = (1 - mu(t)) * d[i] / (1 - product) + mu(t + 1) * memory["m"][i] / (1 - ahead);
    x[i] = x[i] - k.at("lr") * m_bar / (std::sqrt(hat.square[i]) + k.at("eps"));
  }
}

// Liu et al. 2020, Algorithm 2, with PyTorch's threshold and place of eps.
void radam(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int t) {
  const Moments hat = gather(regularised(x, g, k), memory, k, t);
  const double b2 = k.at("beta2"), power = std::pow(b2, t), longest = 2 / (1 - b2) - 1;
  const double length = longest - 2 * t * power / (1 - power);
  for (std::size_t i = 0; i < x.size(); ++i) {
    double step = hat.mean[i];
    if (length > 5) {
      const double r = std::sqrt((length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length));
      step *= r * std::sqrt(1 - power) / (std::sqrt(memory["v"][i]) + k.at("eps"));
    }
    x[i] = x[i] - k.at("lr") * step;
  }
}

// Defazio et al. 2024, Algorithm 1: three sequences, y where the gradient is taken, z of the steps, x the average.
void schedule_free_adamw(Vector& y, const Vector& g, Memory& memory, const Knobs& k, int t) {
  if (t == 1) memory["z"] = memory["x"] = y;
  Vector &z = memory["z"], &x = memory["x"], &v = remembered(memory, "v", y.size());
  Vector& sum = remembered(memory, "sum", 1);
  const double b1 = k.at("beta1"), b2 = k.at("beta2"), warmup = k.at("warmup_steps");
  const double rate = k.at("lr") * (warmup > 0 ? std::min(1.0, t / warmup) : 1);
  sum[0] += rate * rate;
  const double c = rate * rate / sum[0];
  for (std::size_t i = 0; i < y.size(); ++i) {
    v[i] = b2 * v[i] + (1 - b2) * g[i] * g[i];
    z[i] = z[i] - rate * (g[i] / (std::sqrt(v[i] / (1 - std::pow(b2, t))) + k.at("eps")) + k.at("weight_decay") * y[i]);
    x[i] = (1 - c) * x[i] + c * z[i];
    y[i] = (1 - b1) * z[i] + b1 * x[i];
  }
}

}  // namespace

std::map<std::string, Oracle> oracles_of_adam() {
  return {{"adam", adam},     {"adamw", adamw}, {"amsgrad", amsgrad}, {"amsgradw", amsgradw},
          {"adamax", adamax}, {"nadam", nadam}, {"radam", radam},     {"schedule_free_adamw", schedule_free_adamw}};
}

}  // namespace basin::test
