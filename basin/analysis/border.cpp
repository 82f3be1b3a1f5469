#include "basin/analysis/border.hpp"

namespace basin::analysis {

Border border_of(const Axis& axis, double value, double margin) {
  if (axis.choices > 0) return Border::none;
  const double place = place_on(axis, value);
  constexpr double rounding = 1e-9;  // of the logarithms
  if (place <= margin + rounding) return Border::low;
  return place >= 1 - margin - rounding ? Border::high : Border::none;
}

}  // namespace basin::analysis
