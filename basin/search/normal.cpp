#include "basin/search/normal.hpp"

#include <boost/math/special_functions/erf.hpp>
#include <cmath>
#include <numbers>

namespace basin::search {
namespace {

constexpr double far = -25;  // from here on, the plain formula loses its digits, and the series has them

double density(double z) { return std::exp(-z * z / 2) / std::sqrt(2 * std::numbers::pi); }

// What phi(z) + z Phi(z) is in units of phi(z) / z^2: 1 - 3 / z^2 + 15 / z^4 - ...
double improvement_tail(double z) {
  const double s = 1 / (z * z);
  return 1 - s * (3 - s * (15 - s * (105 - s * (945 - s * 10395))));
}
// What Phi(z) is in units of phi(z) / -z: 1 - 1 / z^2 + 3 / z^4 - ...
double cdf_tail(double z) {
  const double s = 1 / (z * z);
  return 1 - s * (1 - s * (3 - s * (15 - s * (105 - s * 945))));
}

}  // namespace

double normal_cdf(double z) { return std::erfc(-z * std::numbers::sqrt2 / 2) / 2; }

double normal_quantile(double p) {
  if (p <= 1e-310) return -38;
  if (p >= 1) return 9;
  return -std::numbers::sqrt2 * boost::math::erfc_inv(2 * p);
}

double log_ei(double z) {
  if (z > far) return std::log(density(z) + z * normal_cdf(z));
  return -z * z / 2 - std::log(2 * std::numbers::pi) / 2 - 2 * std::log(-z) + std::log(improvement_tail(z));
}

double log_ei_slope(double z) {
  if (z > far) return normal_cdf(z) / (density(z) + z * normal_cdf(z));
  return -z * cdf_tail(z) / improvement_tail(z);
}

}  // namespace basin::search
