#include <algorithm>
#include <cmath>

#include "tests/rules/families.hpp"

namespace basin::test {
namespace {

// Keras 3, base_optimizer.py: decay is applied to the weights before the step of any optimizer.
Oracle after_decay(const Oracle& step) {
  return [step](Vector& x, const Vector& g, Memory& memory, const Knobs& k, int t) {
    for (double& weight : x) weight -= weight * k.at("weight_decay") * k.at("lr");
    step(x, g, memory, k, t);
  };
}

double or_zero(const Knobs& k, const char* knob) { return k.contains(knob) ? k.at(knob) : 0; }

// Keras 3, sgd.py.
void momentum_keras(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int) {
  Vector& velocity = remembered(memory, "velocity", x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    velocity[i] = k.at("momentum") * velocity[i] - k.at("lr") * g[i];
    x[i] = x[i] + velocity[i];
  }
}
void nesterov_keras(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int) {
  Vector& velocity = remembered(memory, "velocity", x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    velocity[i] = k.at("momentum") * velocity[i] - k.at("lr") * g[i];
    x[i] = x[i] + k.at("momentum") * velocity[i] - k.at("lr") * g[i];
  }
}

// Keras 3, rmsprop.py; Optax's scale_by_rms and TensorFlow 1 start with other values.
Oracle rmsprop(bool centered) {
  return [centered](Vector& x, const Vector& g, Memory& memory, const Knobs& k, int) {
    const double rho = k.at("alpha"), mu = or_zero(k, "momentum");
    Vector &square = remembered(memory, "square", x.size(), or_zero(k, "initial_accumulator_value")),
           &mean = remembered(memory, "mean", x.size()), &way = remembered(memory, "way", x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
      square[i] = rho * square[i] + (1 - rho) * g[i] * g[i];
      mean[i] = rho * mean[i] + (1 - rho) * g[i];
      const double variance = centered ? std::max(square[i] - mean[i] * mean[i], 0.0) : square[i];
      way[i] = mu * way[i] + k.at("lr") * g[i] / std::sqrt(variance + k.at("eps"));
      x[i] = x[i] - way[i];
    }
  };
}

// Keras 3, adagrad.py; Optax, scale_by_rss.
void adagrad_keras(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int) {
  Vector& sum = remembered(memory, "sum", x.size(), k.at("initial_accumulator_value"));
  for (std::size_t i = 0; i < x.size(); ++i) {
    sum[i] = sum[i] + g[i] * g[i];
    x[i] = x[i] - k.at("lr") * g[i] / std::sqrt(sum[i] + k.at("eps"));
  }
}

// Keras 3, adadelta.py.
void adadelta_keras(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int) {
  Vector &gradients = remembered(memory, "gradients", x.size()),
         &steps = remembered(memory, "steps", x.size());
  const double rho = k.at("rho"), eps = k.at("eps");
  for (std::size_t i = 0; i < x.size(); ++i) {
    gradients[i] = rho * gradients[i] + (1 - rho) * g[i] * g[i];
    const double step = std::sqrt(steps[i] + eps) * g[i] / std::sqrt(gradients[i] + eps);
    steps[i] = rho * steps[i] + (1 - rho) * step * step;
    x[i] = x[i] - k.at("lr") * step;
  }
}

// The moments of all that follow, and their total weights. Keras adds (1-b2) (g^2 - v) instead, and is NaN
// after a square that overflows; the others are not.
struct Moments {
  Vector &m, &v;
  double b1, b2, gathered1, gathered2;
};
Moments moments(const Vector& g, Memory& memory, const Knobs& k, int t) {
  Vector &m = remembered(memory, "m", g.size()), &v = remembered(memory, "v", g.size());
  const double b1 = k.at("beta1"), b2 = k.at("beta2");
  for (std::size_t i = 0; i < g.size(); ++i) {
    m[i] = (1 - b1) * g[i] + b1 * m[i];
    v[i] = (1 - b2) * (g[i] * g[i]) + b2 * v[i];
  }
  return {m, v, b1, b2, 1 - std::pow(b1, t), 1 - std::pow(b2, t)};
}

// Keras 3, adam.py: the bias corrections of both moments are part of the rate, and eps is added to the
// uncorrected root.
Oracle adam_keras(bool amsgrad) {
  return [amsgrad](Vector& x, const Vector& g, Memory& memory, const Knobs& k, int t) {
    const Moments now = moments(g, memory, k, t);
    Vector& greatest = remembered(memory, "greatest", x.size());
    const double rate = k.at("lr") * std::sqrt(now.gathered2) / now.gathered1;
    for (std::size_t i = 0; i < x.size(); ++i) {
      greatest[i] = amsgrad ? std::max(greatest[i], now.v[i]) : now.v[i];
      x[i] = x[i] - now.m[i] * rate / (std::sqrt(greatest[i]) + k.at("eps"));
    }
  };
}

// Optax, scale_by_adam, add_decayed_weights, scale_by_learning_rate; scale_by_amsgrad.
Oracle adam_optax(bool amsgrad) {
  return [amsgrad](Vector& x, const Vector& g, Memory& memory, const Knobs& k, int t) {
    const Moments now = moments(g, memory, k, t);
    Vector& greatest = remembered(memory, "greatest", x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double v_hat = now.v[i] / now.gathered2;
      greatest[i] = amsgrad ? std::max(greatest[i], v_hat) : v_hat;
      const double update =
          now.m[i] / now.gathered1 / (std::sqrt(greatest[i] + k.at("eps_root")) + k.at("eps"));
      x[i] = x[i] - k.at("lr") * (update + or_zero(k, "weight_decay") * x[i]);
    }
  };
}

// Loshchilov & Hutter 2019, Algorithm 2, with eta = 1: alpha scales only the direction.
void adamw_paper(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int t) {
  const Moments now = moments(g, memory, k, t);
  for (std::size_t i = 0; i < x.size(); ++i)
    x[i] = x[i] -
           (k.at("lr") * (now.m[i] / now.gathered1) / (std::sqrt(now.v[i] / now.gathered2) + k.at("eps")) +
            k.at("weight_decay") * x[i]);
}

// Reddi et al. 2018, Algorithm 2.
void amsgrad_paper(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int t) {
  const Moments now = moments(g, memory, k, t);
  Vector& greatest = remembered(memory, "greatest", x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    greatest[i] = std::max(greatest[i], now.v[i]);
    x[i] = x[i] - k.at("lr") * now.m[i] / (std::sqrt(greatest[i]) + k.at("eps"));
  }
}

// Keras 3, adamax.py.
void adamax_keras(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int t) {
  const Moments now = moments(g, memory, k, t);
  Vector& norm = remembered(memory, "norm", x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    norm[i] = std::max(now.b2 * norm[i], std::abs(g[i]));
    x[i] = x[i] - k.at("lr") * now.m[i] / (now.gathered1 * (norm[i] + k.at("eps")));
  }
}

// Keras 3, nadam.py. The product of momenta is recomputed in every step.
void nadam_keras(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int t) {
  const Moments now = moments(g, memory, k, t);
  const auto mu = [&](int i) { return now.b1 * (1 - 0.5 * std::pow(0.96, i)); };
  double product = 1;
  for (int i = 1; i <= t; ++i) product *= mu(i);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double m_hat =
        mu(t + 1) * now.m[i] / (1 - product * mu(t + 1)) + (1 - mu(t)) * g[i] / (1 - product);
    x[i] = x[i] - m_hat * k.at("lr") / (std::sqrt(now.v[i] / now.gathered2) + k.at("eps"));
  }
}

// Optax, scale_by_adam with nesterov.
void nadam_optax(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int t) {
  const Moments now = moments(g, memory, k, t);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double m_hat =
        now.b1 * now.m[i] / (1 - std::pow(now.b1, t + 1)) + (1 - now.b1) * g[i] / now.gathered1;
    x[i] = x[i] - k.at("lr") * m_hat / (std::sqrt(now.v[i] / now.gathered2) + k.at("eps"));
  }
}

// Optax, scale_by_radam.
void radam_optax(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int t) {
  const Moments now = moments(g, memory, k, t);
  const double limit = 2 / (1 - now.b2) - 1, length = limit - 2 * t * std::pow(now.b2, t) / now.gathered2;
  for (std::size_t i = 0; i < x.size(); ++i) {
    double update = now.m[i] / now.gathered1;
    if (length >= 5) {
      const double r = std::sqrt((length - 4) * (length - 2) * limit / ((limit - 4) * (limit - 2) * length));
      update = r * update / (std::sqrt(now.v[i] / now.gathered2) + k.at("eps"));
    }
    x[i] = x[i] - k.at("lr") * update;
  }
}

// Optax, scale_by_yogi.
void yogi_optax(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int t) {
  const double start = k.at("initial_accumulator_value"), b1 = k.at("beta1"), b2 = k.at("beta2");
  Vector &m = remembered(memory, "m", x.size(), start), &v = remembered(memory, "v", x.size(), start);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double square = g[i] * g[i], way = v[i] > square ? 1 : v[i] < square ? -1 : 0;
    m[i] = b1 * m[i] + (1 - b1) * g[i];
    v[i] = v[i] - (1 - b2) * way * square;
    const double m_hat = m[i] / (1 - std::pow(b1, t)), v_hat = v[i] / (1 - std::pow(b2, t));
    x[i] = x[i] - k.at("lr") * m_hat / (std::sqrt(v_hat) + k.at("eps"));
  }
}

// Keras 3, ftrl.py, at its learning_rate_power of -1/2.
void ftrl_keras(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int) {
  Vector &linear = remembered(memory, "linear", x.size()),
         &accumulator = remembered(memory, "accumulator", x.size(), k.at("initial_accumulator_value"));
  const double lr = k.at("lr"), l1 = k.at("l1"), l2 = k.at("l2") + k.at("beta") / (2 * lr);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double before = std::sqrt(accumulator[i]);
    accumulator[i] = accumulator[i] + g[i] * g[i];
    const double now = std::sqrt(accumulator[i]);
    linear[i] = linear[i] + g[i] + 2 * k.at("l2_shrinkage") * x[i] - (now - before) / lr * x[i];
    x[i] = (std::clamp(linear[i], -l1, l1) - linear[i]) / (now / lr + 2 * l2);
  }
}

// Ziyin et al., laprop.py: the rate is inside the average, and an average of the rate is divided by; decay
// comes last, without a rate.
void laprop_authors(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int t) {
  Vector &v = remembered(memory, "v", x.size()), &steps = remembered(memory, "steps", x.size());
  double& rates = remembered(memory, "rates", 1)[0];
  const double b1 = k.at("beta1"), b2 = k.at("beta2"), lr = k.at("lr");
  rates = b1 * rates + (1 - b1) * lr;
  for (std::size_t i = 0; i < x.size(); ++i) {
    v[i] = b2 * v[i] + (1 - b2) * g[i] * g[i];
    steps[i] = b1 * steps[i] + (1 - b1) * lr * g[i] / (std::sqrt(v[i] / (1 - std::pow(b2, t))) + k.at("eps"));
    x[i] -= steps[i] / (rates / lr);
    x[i] -= k.at("weight_decay") * x[i];
  }
}

// Mishchenko & Defazio, prodigy_reference.py: the estimate is updated before the step, which uses it only
// with eps.
void prodigy_authors(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int) {
  const Vector x0 = memory.try_emplace("x0", x).first->second;
  Vector &m = remembered(memory, "m", x.size()), &v = remembered(memory, "v", x.size()),
         &s = remembered(memory, "s", x.size());
  double &d = remembered(memory, "d", 1, k.at("d0"))[0], &numerator = remembered(memory, "numerator", 1)[0];
  const double b1 = k.at("beta1"), b2 = k.at("beta2"), b3 = std::sqrt(b2), old = d, rate = d * k.at("lr"),
               share = d / k.at("d0") * rate;
  numerator *= b3;
  double denominator = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    numerator += share * g[i] * (x0[i] - x[i]);
    m[i] = b1 * m[i] + old * (1 - b1) * g[i];
    v[i] = b2 * v[i] + old * old * (1 - b2) * g[i] * g[i];
    s[i] = b3 * s[i] + share * g[i];
    denominator += std::abs(s[i]);
  }
  d = std::max(d, k.at("d_coef") * numerator / denominator);
  for (std::size_t i = 0; i < x.size(); ++i)
    x[i] = x[i] - k.at("weight_decay") * rate * x[i] - rate * m[i] / (std::sqrt(v[i]) + d * k.at("eps"));
}

}  // namespace

Family dialect_family() {
  return {{"momentum_keras", after_decay(momentum_keras)},
          {"nesterov_keras", after_decay(nesterov_keras)},
          {"rmsprop_keras", after_decay(rmsprop(false))},
          {"rmsprop_optax", rmsprop(false)},
          {"rmsprop_tf1", rmsprop(false)},
          {"rmsprop_momentum_keras", after_decay(rmsprop(false))},
          {"rmsprop_momentum_tf1", rmsprop(false)},
          {"rmsprop_centered_keras", after_decay(rmsprop(true))},
          {"rmsprop_centered_momentum_keras", after_decay(rmsprop(true))},
          {"adagrad_keras", after_decay(adagrad_keras)},
          {"adadelta_keras", after_decay(adadelta_keras)},
          {"adam_keras", after_decay(adam_keras(false))},
          {"adam_optax", adam_optax(false)},
          {"adamw_keras", after_decay(adam_keras(false))},
          {"adamw_optax", adam_optax(false)},
          {"adamw_paper", adamw_paper},
          {"amsgrad_keras", after_decay(adam_keras(true))},
          {"amsgrad_optax", adam_optax(true)},
          {"amsgrad_paper", amsgrad_paper},
          {"adamax_keras", after_decay(adamax_keras)},
          {"nadam_keras", after_decay(nadam_keras)},
          {"nadam_optax", nadam_optax},
          {"radam_optax", radam_optax},
          {"yogi_optax", yogi_optax},
          {"laprop_authors", laprop_authors},
          {"ftrl_keras", ftrl_keras},
          {"prodigy_authors", prodigy_authors}};
}

}  // namespace basin::test
