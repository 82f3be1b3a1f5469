// Whether an optimum lies on the border of its range: then a wider range would likely hold a better one.
//
// Source   tuning_playbook, "Identifying bad search space boundaries"
#pragma once
#include "basin/analysis/axis.hpp"

namespace basin::analysis {

enum class Border { none, low, high };

// Returns the end of the axis that a value lies within `margin` of, as a part of the whole on the scale of
// the axis. A category has no border.
Border border_of(const Axis& axis, double value, double margin = 0.05);

}  // namespace basin::analysis
