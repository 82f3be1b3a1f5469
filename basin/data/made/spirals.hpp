// Two interleaved spirals in the plane: a problem that needs no file, and that a linear network cannot solve.
//
// Source   Lang & Witbrock, Learning to Tell Two Spirals Apart, 1988; here with noise, and denser outside
// Layout   x, y; class 0 and 1 alternate
// Limit    the arms are 1.57 apart and the noise is at most 0.05, so that a network can be right all but at
//          the center, where the arms meet
#pragma once
#include "basin/core/philox.hpp"
#include "basin/data/made/made.hpp"

namespace basin::data {

// Returns `count` points. The same stream gives the same points.
MadeTable spirals(std::int64_t count, Stream random);

}  // namespace basin::data
