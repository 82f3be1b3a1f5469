// Rules that use sums over many weights, and others of their generation.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "tests/rules/families.hpp"

namespace basin::test {
namespace {

double dot(const Vector& a, const Vector& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}
double length(const Vector& a) { return std::sqrt(dot(a, a)); }
double length_1(const Vector& a) {
  return std::accumulate(a.begin(), a.end(), 0.0, [](double sum, double v) { return sum + std::abs(v); });
}
Vector difference(Vector a, const Vector& b) {
  std::ranges::transform(a, b, a.begin(), std::minus());
  return a;
}
// a + factor b
Vector plus(Vector a, double factor, const Vector& b) {
  std::ranges::transform(a, b, a.begin(), [&](double v, double w) { return v + factor * w; });
  return a;
}
Vector times(Vector a, const Vector& b) {
  std::ranges::transform(a, b, a.begin(), std::multiplies());
  return a;
}
Vector mixed(double keep, const Vector& a, double take, const Vector& b) {
  Vector out(a.size());
  std::ranges::transform(a, b, out.begin(), [&](double v, double w) { return keep * v + take * w; });
  return out;
}
Vector ratio(const Vector& m, const Vector& v, double eps) {
  Vector out(m.size());
  std::ranges::transform(m, v, out.begin(), [&](double a, double b) { return a / (std::sqrt(b) + eps); });
  return out;
}

Vector& started(Memory& memory, const Vector& x) { return memory.try_emplace("x0", x).first->second; }
double& number(Memory& memory, const std::string& name, double initial) {
  return remembered(memory, name, 1, initial)[0];
}

// Ginsburg et al. 2019, Algorithm 1.
void novograd(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int t) {
  Vector& m = remembered(memory, "m", x.size());
  double& v = number(memory, "v", 0);
  const double b2 = k.at("beta2"), square = dot(g, g);
  v = t == 1 ? square : b2 * v + (1 - b2) * square;
  const Vector unit = mixed(1 / (std::sqrt(v) + k.at("eps")), g, k.at("weight_decay"), x);
  m = mixed(k.at("beta1"), m, 1, unit);
  x = plus(x, -k.at("lr"), m);
}

// Ivgi, Hinder & Carmon 2023, eq. 1: the largest distance from the start so far, over the root of all squared
// gradients. For one tensor, so that it also serves the layer-wise rule.
void dog(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int) {
  const Vector x0 = started(memory, x);
  double& farthest = number(memory, "farthest", k.at("reps_rel") * (1 + length(x0)));
  double& squares = number(memory, "squares", k.at("eps"));
  if (const double distance = length(difference(x, x0)); !(distance <= farthest)) farthest = distance;
  squares += dot(g, g);
  x = plus(x, -k.at("lr") * farthest / std::sqrt(squares), g);
}

// Defazio & Mishchenko 2023, Algorithm 4, with the averaging of weights as momentum.
void d_adapt_sgd(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int) {
  const Vector x0 = started(memory, x);
  Vector& s = remembered(memory, "s", x.size());
  double &d = number(memory, "d", k.at("d0")), &r = number(memory, "r", 0);
  const double lambda = d * k.at("lr") / number(memory, "first", length(g));
  r += lambda * dot(g, s);
  s = plus(s, lambda, g);
  d = std::max(d, 2 * r / length(s));
  x = mixed(k.at("momentum"), x, 1 - k.at("momentum"), difference(x0, s));
}

// Defazio & Mishchenko 2023, Algorithm 5.
void d_adapt_adamw(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int) {
  Vector &m = remembered(memory, "m", x.size()), &v = remembered(memory, "v", x.size()),
         &s = remembered(memory, "s", x.size());
  double &d = number(memory, "d", k.at("d0")), &r = number(memory, "r", 0);
  const double root = std::sqrt(k.at("beta2")), rate = d * k.at("lr");
  r = root * r + (1 - root) * rate * dot(g, ratio(s, v, k.at("eps")));
  m = mixed(k.at("beta1"), m, rate * (1 - k.at("beta1")), g);
  v = mixed(k.at("beta2"), v, 1 - k.at("beta2"), times(g, g));
  s = mixed(root, s, (1 - root) * rate, g);
  d = std::max(d, r / (1 - root) / length_1(s));
  x = plus(plus(x, -rate * k.at("weight_decay"), x), -1, ratio(m, v, k.at("eps")));
}

// Mishchenko & Defazio 2024, Algorithm 4, with r and s as in the paper.
void prodigy(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int) {
  const Vector x0 = started(memory, x);
  Vector &m = remembered(memory, "m", x.size()), &v = remembered(memory, "v", x.size()),
         &s = remembered(memory, "s", x.size());
  double &d = number(memory, "d", k.at("d0")), &r = number(memory, "r", 0);
  const double lr = k.at("lr"), root = std::sqrt(k.at("beta2")), now = d;
  m = mixed(k.at("beta1"), m, (1 - k.at("beta1")) * now, g);
  v = mixed(k.at("beta2"), v, (1 - k.at("beta2")) * now * now, times(g, g));
  r = root * r + (1 - root) * lr * now * now * dot(g, difference(x0, x));
  s = mixed(root, s, (1 - root) * lr * now * now, g);
  d = std::max(d, k.at("d_coef") * r / length_1(s));
  const Vector step = plus(ratio(m, v, now * k.at("eps")), k.at("weight_decay"), x);
  x = plus(x, -lr * now, step);
}

// Yuan et al. 2025, Algorithm 2.
void mars(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int t) {
  Vector &m = remembered(memory, "m", x.size()), &v = remembered(memory, "v", x.size()),
         &last = remembered(memory, "last", x.size());
  const double b1 = k.at("beta1"), b2 = k.at("beta2");
  Vector c = plus(g, k.at("gamma") * b1 / (1 - b1), difference(g, last));
  if (length(c) > 1) c = mixed(1 / length(c), c, 0, c);
  last = g;
  m = mixed(b1, m, 1 - b1, c);
  v = mixed(b2, v, 1 - b2, times(c, c));
  Vector unbiased = v;
  for (double& value : unbiased) value /= 1 - std::pow(b2, t);
  const Vector adam = ratio(m, unbiased, k.at("eps"));
  x = plus(plus(x, -k.at("lr") * k.at("weight_decay"), x), -k.at("lr") / (1 - std::pow(b1, t)), adam);
}

// Liu et al. 2024, Algorithm 3, without an estimate of the curvature.
void sophia(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int) {
  Vector& m = remembered(memory, "m", x.size());
  m = mixed(k.at("beta1"), m, 1 - k.at("beta1"), g);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double whole = m[i] / k.at("eps"), clipped = std::abs(whole) > 1 ? std::copysign(1, whole) : whole;
    x[i] = (1 - k.at("lr") * k.at("weight_decay")) * x[i] - k.at("lr") * clipped;
  }
}

// Agarwal et al. 2020, Algorithm 1.
void adam_graft_momentum(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int t) {
  Knobs unit = k;
  unit["weight_decay"] = unit["dampening"] = 0, unit["lr"] = 1;
  // What a rule does from zero is its step.
  const auto step_of = [&](const std::string& rule) {
    Vector from(x.size(), 0);
    Memory own;
    for (auto& [name, values] : memory)
      if (name.starts_with(rule)) own[name.substr(rule.size())] = values;
    oracle(rule)(from, g, own, unit, t);
    for (auto& [name, values] : own) memory[rule + name] = values;
    return from;
  };
  const Vector adam = step_of("adam"), momentum = step_of("momentum");
  x = plus(x, k.at("lr") * length(adam) / length(momentum), momentum);
}

// McMahan et al. 2013, Algorithm 1, with z as in the paper, started so that step 0 leaves the weights.
void ftrl(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int t) {
  const double alpha = k.at("lr"), beta = k.at("beta"), l1 = k.at("l1"), l2 = k.at("l2");
  Vector &n = remembered(memory, "n", x.size(), k.at("initial_accumulator_value")),
         &z = remembered(memory, "z", x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (t == 1) z[i] = -x[i] * (beta + std::sqrt(n[i])) / alpha;
    const double sigma = (std::sqrt(n[i] + g[i] * g[i]) - std::sqrt(n[i])) / alpha;
    z[i] += g[i] - sigma * x[i];
    n[i] += g[i] * g[i];
    x[i] = 0;
    if (!(std::abs(z[i]) <= l1))
      x[i] = -(z[i] - std::copysign(l1, z[i])) / ((beta + std::sqrt(n[i])) / alpha + l2);
  }
}

// Defazio et al. 2024 with x (where gradients are taken), y (the mean) and z, and the rate rectified as in
// Liu et al. 2020.
void schedule_free_radam(Vector& x, const Vector& g, Memory& memory, const Knobs& k, int t) {
  Vector &z = memory.try_emplace("z", x).first->second, &mean = memory.try_emplace("mean", x).first->second,
         &v = remembered(memory, "v", x.size());
  double &weights = number(memory, "weights", 0), &most = number(memory, "most", 0);
  const double b1 = k.at("beta1"), b2 = k.at("beta2"), last = 2 / (1 - b2) - 1,
               rho = last - 2 * t * std::pow(b2, t) / (1 - std::pow(b2, t));
  const double gamma =
      rho > 4 ? k.at("lr") * std::sqrt((rho - 4) * (rho - 2) * last / ((last - 4) * (last - 2) * rho)) : 0;
  most = std::max(most, gamma);
  weights += most * most;
  const double c = weights > 0 ? most * most / weights : 0;
  v = mixed(b2, v, 1 - b2, times(g, g));
  Vector unbiased = v;
  for (double& value : unbiased) value /= 1 - std::pow(b2, t);
  z = plus(z, -gamma, plus(ratio(g, unbiased, k.at("eps")), k.at("weight_decay"), x));
  mean = mixed(1 - c, mean, c, z);
  x = mixed(b1, mean, 1 - b1, z);
}

}  // namespace

Family parameter_free_family() {
  return {{"novograd", novograd},
          {"dog", dog},
          {"ldog", dog},
          {"d_adapt_sgd", d_adapt_sgd},
          {"d_adapt_adamw", d_adapt_adamw},
          {"prodigy", prodigy},
          {"mars", mars},
          {"sophia", sophia},
          {"adam_graft_momentum", adam_graft_momentum},
          {"ftrl", ftrl},
          {"schedule_free_radam", schedule_free_radam}};
}

}  // namespace basin::test
