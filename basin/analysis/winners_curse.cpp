#include "basin/analysis/winners_curse.hpp"

#include <cmath>
#include <numbers>

namespace basin::analysis {

// The trapezoidal rule converges exponentially for a smooth integrand that vanishes at both ends.
double winners_curse(int count) {
  constexpr double end = 12, step = 1.0 / 128;
  double sum = 0;
  for (double x = -end; x <= end; x += step) {
    const double density = std::exp(-x * x / 2) / std::sqrt(2 * std::numbers::pi);
    const double below = std::erfc(-x / std::numbers::sqrt2) / 2;
    sum += x * count * density * std::pow(below, count - 1);
  }
  return sum * step;
}

}  // namespace basin::analysis
