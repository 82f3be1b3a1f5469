// The domains of knobs that only pruners have.
#pragma once
#include "basin/core/domain.hpp"

namespace basin::search::pruners {

namespace domain {
inline constexpr Range share{0, 1, true, false, 0.01, 1, Scale::log, "in (0, 1]"};
inline constexpr Range percent{0, 100, false, false, 0, 100, Scale::linear, "in [0, 100]"};
inline constexpr Range number{-unbounded, unbounded, true, true, -1, 1, Scale::linear, "finite"};
}  // namespace domain

using Share = Bounded<domain::share>;      // a part that is not nothing
using Percent = Bounded<domain::percent>;  // a percentile
using Number = Bounded<domain::number>;    // of either sign

}  // namespace basin::search::pruners
