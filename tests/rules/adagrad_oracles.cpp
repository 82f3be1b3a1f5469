#include <algorithm>
#include <cmath>

#include "tests/rules/families.hpp"

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

// Zeiler 2012, Algorithm 1, with its root mean squares spelled out.
void adadelta(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int) {
  const Vector d = regularised(x, g, k);
  Vector &gradients = remembered(memory, "gradients", x.size()),
         &steps = remembered(memory, "steps", x.size());
  const double rho = k.at("rho");
  const auto rms = [&](double mean_square) { return std::sqrt(mean_square + k.at("eps")); };
  for (std::size_t i = 0; i < x.size(); ++i) {
    gradients[i] = rho * gradients[i] + (1 - rho) * d[i] * d[i];
    const double step = -rms(steps[i]) / rms(gradients[i]) * d[i];
    steps[i] = rho * steps[i] + (1 - rho) * step * step;
    x[i] = x[i] + k.at("lr") * step;
  }
}

// Tieleman & Hinton 2012; centered as in Graves 2013, by the variance of the gradient.
Vector rmsprop_direction(const Vector& x, const Vector& g, Memory& memory, const Knobs& k, bool centered) {
  Vector d = regularised(x, g, k);
  Vector &square = remembered(memory, "square", x.size()), &mean = remembered(memory, "mean", x.size());
  const double alpha = k.at("alpha");
  for (std::size_t i = 0; i < x.size(); ++i) {
    square[i] = alpha * square[i] + (1 - alpha) * d[i] * d[i];
    mean[i] = alpha * mean[i] + (1 - alpha) * d[i];
    const double spread = centered ? square[i] - mean[i] * mean[i] : square[i];
    d[i] = d[i] / (std::sqrt(std::max(spread, 0.0)) + k.at("eps"));
  }
  return d;
}

Oracle rmsprop(bool centered) {
  return [centered](Vector& x, const Vector& g, Memory& memory, const Knobs& k, int) {
    const Vector u = rmsprop_direction(x, g, memory, k, centered);
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = x[i] - k.at("lr") * u[i];
  };
}

// The velocity of Graves 2013, eq. 41, without the rate.
Oracle rmsprop_momentum(bool centered) {
  return [centered](Vector& x, const Vector& g, Memory& memory, const Knobs& k, int) {
    const Vector u = rmsprop_direction(x, g, memory, k, centered);
    Vector& velocity = remembered(memory, "velocity", x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
      velocity[i] = k.at("momentum") * velocity[i] + u[i];
      x[i] = x[i] - k.at("lr") * velocity[i];
    }
  };
}

}  // namespace

Family adagrad_family() {
  return {{"adagrad", adagrad},
          {"adadelta", adadelta},
          {"rmsprop", rmsprop(false)},
          {"rmsprop_centered", rmsprop(true)},
          {"rmsprop_momentum", rmsprop_momentum(false)},
          {"rmsprop_centered_momentum", rmsprop_momentum(true)}};
}

}  // namespace basin::test
