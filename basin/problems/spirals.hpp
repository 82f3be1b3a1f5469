// Two spirals in the plane: no linear boundary tells them apart, and no file is needed.
//
// Source   Lang & Witbrock, Learning to Tell Two Spirals Apart, 1988; data/made/spirals.hpp
#pragma once
#include "basin/problems/problem.hpp"

namespace basin {

inline Problem spirals() {
  Problem p{.name = "spirals",
            .summary = "Two interleaved spirals in the plane (made: no file is needed)",
            .layers = "linear 64, tanh, linear 64, tanh, linear outputs",
            .target = 0.99,
            .epochs = 40,
            .batch_size = 32,
            .images_per_second = 200'000};
  p.source = data::Source{.kind = "made", .file = "spirals", .count = 4000};
  return p;
}

}  // namespace basin
