#include <algorithm>
#include <cmath>

#include "tests/rules/families.hpp"

namespace basin::test {
namespace {

double sign_of(double v) { return v > 0 ? 1 : v < 0 ? -1 : 0; }

// Steps against `direction`, with the weights shrunk independently.
void descend(Vector& x, const Vector& direction, const Knobs& k) {
  for (std::size_t i = 0; i < x.size(); ++i)
    x[i] = x[i] - k.at("lr") * direction[i] - k.at("lr") * k.at("weight_decay") * x[i];
}

// An exponential moving average of `value`, and its bias-corrected value.
struct Mean {
  Vector& values;
  double weight;
  Mean(Memory& memory, const std::string& name, const Vector& value, double beta, int t)
      : values(remembered(memory, name, value.size())), weight(1 - std::pow(beta, t)) {
    for (std::size_t i = 0; i < value.size(); ++i) values[i] = beta * values[i] + (1 - beta) * value[i];
  }
  double unbiased(std::size_t i) const { return values[i] / weight; }
};

Vector squares(const Vector& v) {
  Vector out = v;
  for (double& value : out) value *= value;
  return out;
}

// Bernstein et al. 2018, Algorithm 1.
void sign_sgd(Vector& x, const Vector& g, Memory&, const Knobs& k, int) {
  Vector u = g;
  for (double& value : u) value = sign_of(value);
  descend(x, u, k);
}

// Bernstein et al. 2018, Algorithm 2, and Su 2023, who calls the factor beta.
Oracle signum(const std::string& factor) {
  return [factor](Vector& x, const Vector& g, Memory& memory, const Knobs& k, int t) {
    Vector u = Mean(memory, "m", g, k.at(factor), t).values;
    for (double& value : u) value = sign_of(value);
    descend(x, u, k);
  };
}

// Zhuang et al. 2020, Algorithm 2.
void adabelief(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int t) {
  const Mean m(memory, "m", g, k.at("beta1"), t);
  Vector &s = remembered(memory, "s", x.size()), u(x.size());
  const double b2 = k.at("beta2"), eps = k.at("eps");
  for (std::size_t i = 0; i < x.size(); ++i) {
    s[i] = b2 * s[i] + (1 - b2) * (g[i] - m.values[i]) * (g[i] - m.values[i]) + eps;
    u[i] = m.unbiased(i) / (std::sqrt(s[i] / (1 - std::pow(b2, t))) + eps);
  }
  descend(x, u, k);
}

// Zaheer et al. 2018, Algorithm 2.
void yogi(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int t) {
  const Mean m(memory, "m", g, k.at("beta1"), t);
  Vector &v = remembered(memory, "v", x.size(), k.at("initial_accumulator_value")), u(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    v[i] = v[i] - (1 - k.at("beta2")) * sign_of(v[i] - g[i] * g[i]) * g[i] * g[i];
    u[i] = m.values[i] / (std::sqrt(v[i]) + k.at("eps"));
  }
  descend(x, u, k);
}

// Luo et al. 2019, Algorithms 2 and 3, with the rates written out.
Oracle bounded(bool greatest) {
  return [greatest](Vector& x, const Vector& g, Memory& memory, const Knobs& k, int t) {
    const Vector d = regularised(x, g, k);
    const Mean m(memory, "m", d, k.at("beta1"), t), v(memory, "v", squares(d), k.at("beta2"), t);
    Vector& most = remembered(memory, "most", x.size());
    const double last = k.at("lr") * k.at("final_ratio"), gamma = k.at("gamma");
    for (std::size_t i = 0; i < x.size(); ++i) {
      most[i] = greatest ? std::max(most[i], v.values[i]) : v.values[i];
      const double rate = k.at("lr") * std::sqrt(v.weight) / m.weight / (std::sqrt(most[i]) + k.at("eps"));
      x[i] -= std::clamp(rate, last * (1 - 1 / (gamma * t + 1)), last * (1 + 1 / (gamma * t))) * m.values[i];
    }
  };
}

// Xie et al. 2024, Algorithm 1, with the proximal decay last.
void adan(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int t) {
  Vector& last = remembered(memory, "last", x.size());
  if (t == 1) last = g;
  Vector change(x.size()), ahead(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    change[i] = g[i] - last[i];
    ahead[i] = g[i] + k.at("beta2") * change[i];
  }
  const Mean m(memory, "m", g, k.at("beta1"), t), w(memory, "w", change, k.at("beta2"), t),
      v(memory, "v", squares(ahead), k.at("beta3"), t);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double up = m.unbiased(i) + k.at("beta2") * w.unbiased(i);
    x[i] = x[i] - k.at("lr") * up / (std::sqrt(v.unbiased(i)) + k.at("eps"));
    x[i] = x[i] / (1 + k.at("lr") * k.at("weight_decay"));
  }
  last = g;
}

// Ziyin et al. 2020, Algorithm 1.
void laprop(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int t) {
  const Mean v(memory, "v", squares(g), k.at("beta2"), t);
  Vector normal(x.size()), u(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) normal[i] = g[i] / (std::sqrt(v.unbiased(i)) + k.at("eps"));
  const Mean m(memory, "m", normal, k.at("beta1"), t);
  for (std::size_t i = 0; i < x.size(); ++i) u[i] = m.unbiased(i);
  descend(x, u, k);
}

// Taniguchi et al. 2024, Algorithm 2: v is one step behind.
void adopt(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int t) {
  Vector& v = remembered(memory, "v", x.size());
  if (t == 1) {
    v = squares(g);
    return;
  }
  const double limit = std::sqrt(std::sqrt(t - 1.0));
  Vector normal(x.size());
  for (std::size_t i = 0; i < x.size(); ++i)
    normal[i] = std::clamp(g[i] / std::max(std::sqrt(v[i]), k.at("eps")), -limit, limit);
  descend(x, Mean(memory, "m", normal, k.at("beta1"), t).values, k);
  for (std::size_t i = 0; i < x.size(); ++i) v[i] = k.at("beta2") * v[i] + (1 - k.at("beta2")) * g[i] * g[i];
}

// Pagliardini et al. 2025, Algorithm 1.
void ademamix(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int t) {
  double alpha = k.at("alpha"), b3 = k.at("beta3");
  if (t < k.at("warmup_steps")) {
    const double part = t / k.at("warmup_steps"), l1 = std::log(k.at("beta1")), l3 = std::log(b3);
    alpha *= part;
    b3 = std::exp(l1 * l3 / ((1 - part) * l3 + part * l1));
  }
  const Mean m(memory, "m", g, k.at("beta1"), t), slow(memory, "slow", g, b3, t),
      v(memory, "v", squares(g), k.at("beta2"), t);
  Vector u(x.size());
  for (std::size_t i = 0; i < x.size(); ++i)
    u[i] = (m.unbiased(i) + alpha * slow.values[i]) / (std::sqrt(v.unbiased(i)) + k.at("eps"));
  descend(x, u, k);
}

// Defazio et al. 2024, eq. 2-4, with all three sequences written out.
void schedule_free_sgd(Vector& y, const Vector& g, Memory& memory, const Knobs& k, int t) {
  Vector &z = remembered(memory, "z", y.size()), &x = remembered(memory, "x", y.size());
  Vector& weights = remembered(memory, "weights", 1);
  if (t == 1) z = x = y;
  const Vector d = regularised(y, g, k);
  const double rate = k.at("lr") * (t < k.at("warmup_steps") ? t / k.at("warmup_steps") : 1);
  weights[0] += rate * rate;
  const double share = rate * rate / weights[0], mu = k.at("momentum");
  for (std::size_t i = 0; i < y.size(); ++i) {
    z[i] = z[i] - rate * d[i];
    x[i] = (1 - share) * x[i] + share * z[i];
    y[i] = (1 - mu) * z[i] + mu * x[i];
  }
}

}  // namespace

Family later_family() {
  return {{"sign_sgd", sign_sgd},
          {"signum", signum("momentum")},
          {"tiger", signum("beta")},
          {"adabelief", adabelief},
          {"yogi", yogi},
          {"adabound", bounded(false)},
          {"amsbound", bounded(true)},
          {"adan", adan},
          {"laprop", laprop},
          {"adopt", adopt},
          {"ademamix", ademamix},
          {"schedule_free_sgd", schedule_free_sgd}};
}

}  // namespace basin::test
