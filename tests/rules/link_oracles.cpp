#include "tests/rules/link_oracles.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>

namespace basin::test {
namespace {

using Tensors = std::vector<TensorAtWork>;

double norm(std::span<const double> v) {
  return std::sqrt(std::inner_product(v.begin(), v.end(), v.begin(), 0.0));
}

void scale(std::span<double> v, double factor) {
  for (double& value : v) value *= factor;
}

// The factor that shortens a vector of this length; torch.nn.utils.clip_grad_norm_.
double clip(double length, const Knobs& k) {
  const double factor = k.at("max_norm") / (length + 1e-6);
  return factor > 1 ? 1 : factor;
}

LinkOracle each_gradient(double (*change)(double x, double g, const Knobs& k)) {
  return [change](Tensors& tensors, const Knobs& k) {
    for (TensorAtWork& tensor : tensors)
      for (std::size_t i = 0; i < tensor.x.size(); ++i) tensor.g[i] = change(tensor.x[i], tensor.g[i], k);
  };
}

LinkOracle each_direction(double (*change)(double x, double u, const Knobs& k)) {
  return [change](Tensors& tensors, const Knobs& k) {
    for (TensorAtWork& tensor : tensors)
      for (std::size_t i = 0; i < tensor.x.size(); ++i) tensor.u[i] = change(tensor.x[i], tensor.u[i], k);
  };
}

// Calls row(x, g) for every unit.
template <class Row>
void each_row(Tensors& tensors, const Row& row) {
  for (TensorAtWork& tensor : tensors) {
    const std::size_t length = tensor.x.size() / tensor.rows;
    for (std::size_t r = 0; r < tensor.rows; ++r)
      row(std::span(tensor.x).subspan(r * length, length), std::span(tensor.g).subspan(r * length, length),
          tensor.rows);
  }
}

double sign_of(double v) { return v > 0 ? 1 : v < 0 ? -1 : 0; }

void clip_norm(Tensors& tensors, const Knobs& k) {
  for (TensorAtWork& tensor : tensors) scale(tensor.g, clip(norm(tensor.g), k));
}

void clip_global_norm(Tensors& tensors, const Knobs& k) {
  Vector norms;
  for (const TensorAtWork& tensor : tensors) norms.push_back(norm(tensor.g));
  for (TensorAtWork& tensor : tensors) scale(tensor.g, clip(norm(norms), k));
}

void unit_norm(Tensors& tensors, const Knobs&) {
  Vector norms;
  for (const TensorAtWork& tensor : tensors) norms.push_back(norm(tensor.g));
  for (TensorAtWork& tensor : tensors) scale(tensor.g, norm(norms) > 0 ? 1 / norm(norms) : 1);
}

// Brock et al. 2021, eq. 3.
void agc(Tensors& tensors, const Knobs& k) {
  each_row(tensors, [&](std::span<const double> x, std::span<double> g, std::size_t) {
    const double ratio = norm(g) / std::max(norm(x), k.at("eps"));
    if (ratio > k.at("clipping")) scale(g, k.at("clipping") / ratio);
  });
}

// Yong et al. 2020, eq. 1.
void centralize(Tensors& tensors, const Knobs&) {
  each_row(tensors, [&](std::span<const double>, std::span<double> g, std::size_t rows) {
    if (rows == 1) return;
    const double mean = std::accumulate(g.begin(), g.end(), 0.0) / static_cast<double>(g.size());
    for (double& value : g) value -= mean;
  });
}

// You et al. 2017, Algorithm 1.
void lars_rate(Tensors& tensors, const Knobs& k) {
  for (TensorAtWork& tensor : tensors) {
    const double x = norm(tensor.x), g = norm(tensor.g);
    for (std::size_t i = 0; i < tensor.g.size(); ++i) tensor.g[i] += k.at("decay") * tensor.x[i];
    if (x > 0 && g > 0) scale(tensor.g, k.at("eta") * x / (g + k.at("decay") * x));
  }
}

// Prieto et al. 2025, eq. 8, with the length restored.
void orthograd(Tensors& tensors, const Knobs&) {
  for (TensorAtWork& tensor : tensors) {
    const double whole = norm(tensor.g), length = norm(tensor.x);
    if (length == 0) continue;
    const double along =
        std::inner_product(tensor.x.begin(), tensor.x.end(), tensor.g.begin(), 0.0) / (length * length);
    Vector turned(tensor.g.begin(), tensor.g.end());
    for (std::size_t i = 0; i < turned.size(); ++i) turned[i] -= along * tensor.x[i];
    if (norm(turned) <= 1e-6 * whole) continue;  // a single weight cannot turn
    scale(turned, whole / norm(turned));
    std::ranges::copy(turned, tensor.g.begin());
  }
}

// You et al. 2020, Algorithm 2; Fong et al. 2020, if most is not 0.
void trust_ratio(Tensors& tensors, const Knobs& k) {
  for (TensorAtWork& tensor : tensors) {
    double ratio = norm(tensor.x) > 0 && norm(tensor.u) > 0 ? norm(tensor.x) / norm(tensor.u) : 1;
    if (k.at("most") > 0 && ratio > k.at("most")) ratio = k.at("most");
    scale(tensor.u, ratio);
  }
}

// Liang et al. 2024, Algorithm 1.
void cautious(Tensors& tensors, const Knobs&) {
  for (TensorAtWork& tensor : tensors) {
    double agree = 0;
    for (std::size_t i = 0; i < tensor.u.size(); ++i) agree += tensor.u[i] * tensor.g[i] > 0 ? 1 : 0;
    const double share = agree / static_cast<double>(tensor.u.size());
    for (std::size_t i = 0; i < tensor.u.size(); ++i)
      tensor.u[i] = tensor.u[i] * tensor.g[i] > 0 ? tensor.u[i] / std::max(share, 1e-3) : 0;
  }
}

}  // namespace

const LinkOracle& link_oracle(const std::string& link) {
  static const std::map<std::string, LinkOracle> oracles{
      {"maximize", each_gradient([](double, double g, const Knobs&) { return -g; })},
      {"skip_nonfinite", [](Tensors&, const Knobs&) {}},
      {"clip_value", each_gradient([](double, double g, const Knobs& k) {
         return std::clamp(g, -k.at("limit"), k.at("limit"));
       })},
      {"clip_norm", clip_norm},
      {"clip_global_norm", clip_global_norm},
      {"unit_norm", unit_norm},
      {"agc", agc},
      {"lars_rate", lars_rate},
      {"orthograd", orthograd},
      {"centralize", centralize},
      {"l2", each_gradient([](double x, double g, const Knobs& k) { return g + k.at("weight") * x; })},
      {"l1",
       each_gradient([](double x, double g, const Knobs& k) { return g + k.at("weight") * sign_of(x); })},
      {"decay", each_direction([](double x, double u, const Knobs& k) { return u + k.at("weight") * x; })},
      {"l1_decay",
       each_direction([](double x, double u, const Knobs& k) { return u + k.at("weight") * sign_of(x); })},
      {"trust_ratio", trust_ratio},
      {"cautious", cautious}};
  return oracles.at(link);
}

}  // namespace basin::test
