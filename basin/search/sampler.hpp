// Ask and tell: a sampler chooses the points that a search tries.
//
// A sampler keeps no state. What it chooses is a function of the space, the number of the trial, the results
// that it may see, and a stream of random numbers keyed by (seed, number). So a search gives the same points
// for any number of workers, and goes on where it stopped.
#pragma once
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "basin/core/philox.hpp"
#include "basin/search/space.hpp"

namespace basin::search {

// What a sampler knows of an earlier trial.
struct Observation {
  Point point;
  std::vector<double> values;  // one per objective, smaller is better; infinity: diverged or failed; empty:
                               // has no result that may be seen
  double reached = 1;          // fraction of its schedule that it ran; below 1 if it was pruned
};

class Sampler {
 public:
  virtual ~Sampler() = default;
  // Returns the point of trial number earlier.size(), from 0. `earlier` holds the trials before it, in order.
  // `random` belongs to this trial.
  virtual Point ask(const Space& space, std::span<const Observation> earlier, Stream& random) const = 0;
};

}  // namespace basin::search
