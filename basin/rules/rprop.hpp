// Rprop: a step size for each weight, which grows while the gradient keeps its sign and shrinks when it turns.
//
// Paper    Riedmiller & Braun, A Direct Adaptive Method for Faster Backpropagation Learning: The RPROP Algorithm,
//          ICNN 1993; without backtracking, iRprop- of Igel & Huesken 2000
// Step t   s = clamp(s etaplus, s etaminus or s, as g p is > 0, < 0 or 0)      g = 0 where g p < 0
//          x = x - s sign(g)      p = g
// Memory   2 values per weight; 28 bytes moved per weight and step in float32
// Departs  lr is what the step sizes start with, as in PyTorch. For whole batches: noise turns signs
#pragma once
#include "basin/core/rule.hpp"

namespace basin::rules {

struct Rprop {
  static constexpr std::string_view name = "rprop", title = "Rprop";
  Rate lr = 1e-2;
  Fraction etaminus = 0.5;
  Amount etaplus = 1.2, step_min = 1e-6, step_max = 50;
  BASIN_KNOBS(lr, etaminus, etaplus, step_min, step_max)
  static constexpr std::array slots{"prev", "step_size"};
  static constexpr bool moves = true;
  double initial(std::size_t slot) const { return slot == 1 ? lr.value : 0; }

  template <class R>
  struct Formula {
    R minus, plus, least, most;
    void operator()(auto& x, const auto& g, auto& before, auto& s) const {
      const auto turn = g * before;
      s = min(max(select(turn > 0, s * plus, select(turn < 0, s * minus, s)), least), most);
      before = select(turn < 0, 0 * g, g);
      x = x - s * sign(before);
    }
  };
  template <class R>
  Formula<R> at(Step) const {
    return narrow<R, Formula>(etaminus, etaplus, step_min, step_max);
  }
};
static_assert(Rule<Rprop>);

}  // namespace basin::rules
