// ASHA: asynchronous successive halving. Each rung keeps the best 1 / eta of the trials that reached it.
//
// Paper    Li et al., A System for Massively Parallel Hyperparameter Tuning, MLSys 2020
// Rule     that of rungs.hpp; the first rung stands at the end of the warm-up
// Departs  a trial that may not go on now ends; in the paper it waits and may go on later
#pragma once
#include "basin/search/pruners/domains.hpp"
#include "basin/search/pruners/rungs.hpp"

namespace basin::search::pruners {

struct Asha {
  static constexpr Info info{
      .name = "asha",
      .title = "ASHA",
      .help = "successive halving: each rung keeps the best 1 / eta",
      .paper = "Li et al., A System for Massively Parallel Hyperparameter Tuning, MLSys 2020"};
  static constexpr std::string_view name = info.name;
  Share warmup = 0.2;  // the first rung; 0.2 and 0.8 with these defaults
  Growth eta = 4;
  BASIN_KNOBS(warmup, eta)

  bool ends(const Curve& trial, std::span<const Curve> earlier) const {
    return ends_in_a_rung(trial, earlier, warmup, eta);
  }
};
static_assert(Described<Asha>);

}  // namespace basin::search::pruners
