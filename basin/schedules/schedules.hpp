// The list of schedules. One line here yields the name in a text, the knobs, the row and drawing in `basin
// list`, and the tests.
#pragma once
#include "basin/core/list.hpp"
#include "basin/schedules/constant.hpp"
#include "basin/schedules/cosine.hpp"
#include "basin/schedules/cosine_restarts.hpp"
#include "basin/schedules/cyclic.hpp"
#include "basin/schedules/cyclic_exp.hpp"
#include "basin/schedules/drop.hpp"
#include "basin/schedules/exponential.hpp"
#include "basin/schedules/inverse_sqrt.hpp"
#include "basin/schedules/inverse_time.hpp"
#include "basin/schedules/linear.hpp"
#include "basin/schedules/one_cycle.hpp"
#include "basin/schedules/polynomial.hpp"
#include "basin/schedules/step.hpp"
#include "basin/schedules/warmup.hpp"
#include "basin/schedules/warmup_exp.hpp"

namespace basin::schedules {

using All = List<Constant, Linear, Warmup, WarmupExp, Exponential, Step, Drop, Polynomial, InverseTime,
                 InverseSqrt, Cosine, CosineRestarts, Cyclic, CyclicExp, OneCycle>;

template <ScheduleShape... S>
constexpr bool all_are_shapes(List<S...>) {
  return true;
}
static_assert(all_are_shapes(All{}));

}  // namespace basin::schedules
