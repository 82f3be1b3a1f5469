#include "basin/network/fills.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "basin/core/error.hpp"

namespace basin::nn {
namespace {

// The standard deviation of a standard normal truncated at +-2.
constexpr double truncated_sd = 0.87962566103423978;

// Box & Muller; the second number of the pair is discarded, so that there is no state between draws.
double normal(Stream& random) {
  const double radius = std::sqrt(-2 * std::log(1 - random.uniform()));
  return radius * std::cos(2 * std::numbers::pi * random.uniform());
}

using Vector = std::vector<double>;

double dot(const Vector& a, const Vector& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

// Gram & Schmidt, applied twice to each vector, which is enough (Giraud, Langou & Rozloznik, 2005). For
// normal vectors the result is uniform, because the divisors are positive lengths.
void make_orthonormal(std::vector<Vector>& vectors) {
  for (std::size_t i = 0; i < vectors.size(); ++i) {
    for (std::size_t twice = 0; twice < 2; ++twice)
      for (std::size_t j = 0; j < i; ++j) {
        const double along = dot(vectors[i], vectors[j]);
        for (std::size_t k = 0; k < vectors[i].size(); ++k) vectors[i][k] -= along * vectors[j][k];
      }
    const double length = std::sqrt(dot(vectors[i], vectors[i]));
    for (double& x : vectors[i]) x /= length;
  }
}

}  // namespace

double symmetric(Stream& random) { return 2 * random.uniform() - 1; }

double truncated_normal(Stream& random) {
  while (true) {
    const double z = normal(random);
    if (std::abs(z) <= 2) return z;
  }
}

double standard(Draw draw, Stream& random) {
  switch (draw) {
    case Draw::uniform:
      return std::numbers::sqrt3 * symmetric(random);
    case Draw::normal:
      return normal(random);
    case Draw::truncated_normal:
      return truncated_normal(random) / truncated_sd;
  }
  throw Error("a draw that does not exist");
}

void fill_orthogonal(std::span<float> weight, const WeightShape& shape, double gain, Stream& random) {
  const auto rows = static_cast<std::size_t>(shape.outputs),
             columns = static_cast<std::size_t>(shape.fan_in());
  const bool wide = rows <= columns;
  std::vector<Vector> vectors(std::min(rows, columns), Vector(std::max(rows, columns)));
  for (Vector& vector : vectors) std::ranges::generate(vector, [&] { return normal(random); });
  make_orthonormal(vectors);
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t c = 0; c < columns; ++c)
      weight[r * columns + c] = static_cast<float>(gain * (wide ? vectors[r][c] : vectors[c][r]));
}

void fill_sparse(std::span<float> weight, const WeightShape& shape, double sparsity, double sd,
                 Stream& random) {
  const auto rows = static_cast<std::size_t>(shape.outputs),
             columns = static_cast<std::size_t>(shape.fan_in());
  const auto zeros = static_cast<std::size_t>(std::ceil(sparsity * static_cast<double>(rows)));
  std::ranges::generate(weight, [&] { return static_cast<float>(sd * normal(random)); });
  std::vector<std::size_t> order(rows);
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t c = 0; c < columns; ++c) {
    random.shuffle(std::span(order));
    for (std::size_t i = 0; i < zeros; ++i) weight[order[i] * columns + c] = 0;
  }
}

void fill_identity(std::span<float> weight, const WeightShape& shape, double gain) {
  std::ranges::fill(weight, 0.0f);
  // The centre of a square kernel with an odd edge is the middle of its area.
  const auto area = static_cast<std::size_t>(shape.area);
  for (std::size_t i = 0; i < static_cast<std::size_t>(std::min(shape.outputs, shape.inputs)); ++i)
    weight[(i * static_cast<std::size_t>(shape.inputs) + i) * area + area / 2] = static_cast<float>(gain);
}

}  // namespace basin::nn
