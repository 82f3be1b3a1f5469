#include "basin/data/made/spirals.hpp"

#include <cmath>
#include <numbers>

namespace basin::data {

MadeTable spirals(std::int64_t count, Stream random) {
  MadeTable out{.width = 2};
  for (std::int64_t i = 0; i < count; ++i) {
    const double along = 3.5 * std::sqrt(random.uniform()), spiral = static_cast<double>(i % 2);
    const double angle = along * 2 + spiral * std::numbers::pi, noise = 0.1 * (random.uniform() - 0.5);
    out.rows.push_back(static_cast<float>((along + noise) * std::cos(angle)));
    out.rows.push_back(static_cast<float>((along + noise) * std::sin(angle)));
    out.classes.push_back(i % 2);
  }
  return out;
}

}  // namespace basin::data
