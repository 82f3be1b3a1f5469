// Ask and tell: a sampler chooses the points that a search tries.
//
// A sampler keeps no state. What it chooses is a function of the space, the number of the trial, the results
// that it may see, and random numbers keyed by (seed, number). So a search gives the same points for any
// number of workers, and goes on where it stopped.
#pragma once
#include <cstdint>
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
  // Returns the point of trial number earlier.size(), from 0; an empty one if it has no more. `earlier` holds
  // the trials before it, in order. `seed` is the study's, for what all trials share: the scrambling of a
  // sequence, the order of a grid. `random` belongs to this trial.
  virtual Point ask(const Space& space, std::span<const Observation> earlier, std::uint64_t seed,
                    Stream& random) const = 0;
};

// What is known about a sampler. Each is a struct of knobs in basin/search/samplers:
//
//   struct Tpe {
//     static constexpr Info info{.name = "tpe", .title = "TPE", ...};
//     Steps startup = 10;
//     BASIN_KNOBS(startup)
//     Point ask(const Space&, std::span<const Observation> earlier, std::uint64_t seed, Stream& random)
//   const; };
struct Info {
  std::string_view name;   // "tpe": what people type and files hold
  std::string_view title;  // "Tree-structured Parzen estimator"
  std::string_view help;   // one line for `basin list samplers`
  std::string_view paper;
  bool several = false;  // weighs several objectives; the others look at the first one alone
};

}  // namespace basin::search
