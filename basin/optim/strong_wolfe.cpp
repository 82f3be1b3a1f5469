#include "basin/optim/strong_wolfe.hpp"

#include <algorithm>
#include <cmath>

namespace basin::optim {

double cubic_minimum(double t1, double loss1, double slope1, double t2, double loss2, double slope2,
                     double least, double most) {
  if (t1 > t2) return cubic_minimum(t2, loss2, slope2, t1, loss1, slope1, least, most);
  const double a = slope1 + slope2 - 3 * (loss1 - loss2) / (t1 - t2);
  const double discriminant = a * a - slope1 * slope2;
  if (!std::isfinite(discriminant) || discriminant < 0) return (least + most) / 2;
  const double b = std::sqrt(discriminant);
  const double t = t2 - (t2 - t1) * ((slope2 + b - a) / (slope2 - slope1 + 2 * b));
  return std::min(std::max(t, least), most);
}

}  // namespace basin::optim
