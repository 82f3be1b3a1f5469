#include "tests/rules/oracle_parts.hpp"

namespace basin::test {
namespace {

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

// Graves 2013, eq. 38-45, with the options of PyTorch: centred or not, a momentum or none.
void rmsprop_form(Vector& x, const Vector& g, Memory& memory, const Knobs& k, bool centered, double mu) {
  const Vector d = regularised(x, g, k);
  Vector &n = remembered(memory, "n", x.size()), &mean = remembered(memory, "mean", x.size());
  Vector& velocity = remembered(memory, "velocity", x.size());
  const double alpha = k.at("alpha");
  for (std::size_t i = 0; i < x.size(); ++i) {
    n[i] = alpha * n[i] + (1 - alpha) * d[i] * d[i];
    mean[i] = alpha * mean[i] + (1 - alpha) * d[i];
    const double variance = centered ? n[i] - mean[i] * mean[i] : n[i];
    velocity[i] = mu * velocity[i] + d[i] / (std::sqrt(variance) + k.at("eps"));
    x[i] = x[i] - k.at("lr") * velocity[i];
  }
}
void rmsprop_momentum(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int) {
  rmsprop_form(x, g, memory, k, false, k.at("momentum"));
}
void rmsprop_centered(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int) {
  rmsprop_form(x, g, memory, k, true, 0);
}
void rmsprop_centered_momentum(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int) {
  rmsprop_form(x, g, memory, k, true, k.at("momentum"));
}

// Zeiler 2012, Algorithm 1.
void adadelta(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int) {
  const Vector d = regularised(x, g, k);
  Vector &squares = remembered(memory, "E[g^2]", x.size()), &steps = remembered(memory, "E[dx^2]", x.size());
  const double rho = k.at("rho"), eps = k.at("eps");
  for (std::size_t i = 0; i < x.size(); ++i) {
    squares[i] = rho * squares[i] + (1 - rho) * d[i] * d[i];
    const double step = -std::sqrt(steps[i] + eps) / std::sqrt(squares[i] + eps) * d[i];
    steps[i] = rho * steps[i] + (1 - rho) * step * step;
    x[i] = x[i] + k.at("lr") * step;
  }
}

}  // namespace

std::map<std::string, Oracle> oracles_of_squares() {
  return {{"adagrad", adagrad},
          {"rmsprop", rmsprop},
          {"rmsprop_momentum", rmsprop_momentum},
          {"rmsprop_centered", rmsprop_centered},
          {"rmsprop_centered_momentum", rmsprop_centered_momentum},
          {"adadelta", adadelta}};
}

}  // namespace basin::test
