#include <algorithm>
#include <cmath>

#include "tests/rules/families.hpp"

namespace basin::test {
namespace {

// Shared by this family: both moments, and their total weights so far.
struct Moments {
  Vector &m, &v;
  double gathered1, gathered2;
};

Moments moments(const Vector& g, Memory& memory, const Knobs& k, int t) {
  Vector &m = remembered(memory, "m", g.size()), &v = remembered(memory, "v", g.size());
  const double b1 = k.at("beta1"), b2 = k.at("beta2");
  for (std::size_t i = 0; i < g.size(); ++i) {
    m[i] = b1 * m[i] + (1 - b1) * g[i];
    v[i] = b2 * v[i] + (1 - b2) * g[i] * g[i];
  }
  return {m, v, 1 - std::pow(b1, t), 1 - std::pow(b2, t)};
}

// Kingma & Ba 2015, Algorithm 1.
void adam_step(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int t) {
  const Moments now = moments(g, memory, k, t);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double m_hat = now.m[i] / now.gathered1, v_hat = now.v[i] / now.gathered2;
    x[i] = x[i] - k.at("lr") * m_hat / (std::sqrt(v_hat) + k.at("eps"));
  }
}

// Reddi et al. 2018, Algorithm 2, with PyTorch's bias corrections.
void amsgrad_step(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int t) {
  const Moments now = moments(g, memory, k, t);
  Vector& greatest = remembered(memory, "greatest", x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    greatest[i] = std::max(greatest[i], now.v[i]);
    x[i] = x[i] -
           k.at("lr") * (now.m[i] / now.gathered1) / (std::sqrt(greatest[i] / now.gathered2) + k.at("eps"));
  }
}

Oracle coupled(const Oracle& step) {
  return [step](Vector& x, const Vector& g, Memory& memory, const Knobs& k, int t) {
    step(x, regularised(x, g, k), memory, k, t);
  };
}

// Loshchilov & Hutter 2019, Algorithm 2: the weights shrink independently of the gradient.
Oracle decoupled(const Oracle& step) {
  return [step](Vector& x, const Vector& g, Memory& memory, const Knobs& k, int t) {
    const Vector before = x;
    step(x, g, memory, k, t);
    for (std::size_t i = 0; i < x.size(); ++i) x[i] -= k.at("lr") * k.at("weight_decay") * before[i];
  };
}

// Kingma & Ba 2015, section 2: the bias corrections of both moments are part of the rate, so that eps is not
// corrected.
void sparse_adam(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int t) {
  const Moments now = moments(g, memory, k, t);
  const double rate = k.at("lr") * std::sqrt(now.gathered2) / now.gathered1;
  for (std::size_t i = 0; i < x.size(); ++i)
    x[i] = x[i] - rate * now.m[i] / (std::sqrt(now.v[i]) + k.at("eps"));
}

// Kingma & Ba 2015, Algorithm 2, with PyTorch's eps.
void adamax_step(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int t) {
  const Moments now = moments(g, memory, k, t);
  Vector& norm = remembered(memory, "norm", x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    norm[i] = std::max(k.at("beta2") * norm[i], std::abs(g[i]) + k.at("eps"));
    x[i] = x[i] - k.at("lr") / now.gathered1 * now.m[i] / norm[i];
  }
}

// Dozat 2016, Algorithm 2, with PyTorch's first moment. The product of momenta is recomputed in every step.
void nadam_step(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int t) {
  const Moments now = moments(g, memory, k, t);
  const auto mu = [&](int i) {
    return k.at("beta1") * (1 - 0.5 * std::pow(0.96, i * k.at("momentum_decay")));
  };
  double product = 1;
  for (int i = 1; i <= t; ++i) product *= mu(i);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double ahead =
        mu(t + 1) * now.m[i] / (1 - product * mu(t + 1)) + (1 - mu(t)) * g[i] / (1 - product);
    x[i] = x[i] - k.at("lr") * ahead / (std::sqrt(now.v[i] / now.gathered2) + k.at("eps"));
  }
}

// Liu et al. 2020, Algorithm 2, with PyTorch's bound and eps.
void radam_step(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int t) {
  const Moments now = moments(g, memory, k, t);
  const double b2 = k.at("beta2"), longest = 2 / (1 - b2) - 1;
  const double length = longest - 2 * t * std::pow(b2, t) / (1 - std::pow(b2, t));
  for (std::size_t i = 0; i < x.size(); ++i) {
    double step = now.m[i] / now.gathered1;
    if (length > 5) {
      const double rectification =
          std::sqrt((length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length));
      step = rectification * step * std::sqrt(now.gathered2) / (std::sqrt(now.v[i]) + k.at("eps"));
    }
    x[i] = x[i] - k.at("lr") * step;
  }
}

// Defazio et al. 2024, Algorithm 1: all three sequences, each with its own formula; the weights are y.
void schedule_free_adamw(Vector& y, const Vector& g, Memory& memory, const Knobs& k, int t) {
  const Moments now = moments(g, memory, k, t);
  Vector &z = remembered(memory, "z", y.size()), &x = remembered(memory, "x", y.size());
  Vector& weights = remembered(memory, "weights", 1);
  if (t == 1) z = x = y;
  const double rate = k.at("lr") * (t < k.at("warmup_steps") ? t / k.at("warmup_steps") : 1);
  weights[0] += rate * rate;
  const double share = rate * rate / weights[0], b1 = k.at("beta1");
  for (std::size_t i = 0; i < y.size(); ++i) {
    const double normalised = g[i] / (std::sqrt(now.v[i] / now.gathered2) + k.at("eps"));
    z[i] = z[i] - rate * normalised - rate * k.at("weight_decay") * y[i];
    x[i] = (1 - share) * x[i] + share * z[i];
    y[i] = (1 - b1) * z[i] + b1 * x[i];
  }
}

}  // namespace

Family adam_family() {
  return {{"adam", coupled(adam_step)},
          {"adamw", decoupled(adam_step)},
          {"amsgrad", coupled(amsgrad_step)},
          {"amsgradw", decoupled(amsgrad_step)},
          {"adamax", coupled(adamax_step)},
          {"nadam", coupled(nadam_step)},
          {"radam", coupled(radam_step)},
          {"sparse_adam", sparse_adam},
          {"schedule_free_adamw", schedule_free_adamw}};
}

}  // namespace basin::test
