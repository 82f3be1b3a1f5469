// Rprop: gives each weight its own step, which grows while the gradient keeps its sign. For full batches.
//
// Paper    Riedmiller & Braun, A Direct Adaptive Method for Faster Backpropagation Learning: The RPROP
//          Algorithm, ICNN 1993; without its weight backtracking, Igel & Huesken, Neurocomputing 50, 2003,
//          "iRprop-"
// Step t   s = s eta+ where g p > 0, s eta- where g p < 0; within [min, max]
//          d = 0 where g p < 0, g elsewhere      x = x - sign(d) s      p = d
// Memory   2 values per weight; 28 bytes moved per weight and step in float32
// Departs  lr is the first step of every weight, as in PyTorch. A NaN gradient makes its weight NaN; PyTorch
//          treats it as 0
#pragma once
#include "basin/core/rule.hpp"

namespace basin::rules {

struct Rprop {
  static constexpr std::string_view name = "rprop", title = "Rprop";
  Rate lr = 1e-2;
  Shrink etaminus = 0.5;
  Growth etaplus = 1.2;
  Limit step_size_min = 1e-6, step_size_max = 50;
  BASIN_KNOBS(lr, etaminus, etaplus, step_size_min, step_size_max)
  static constexpr std::array slots{"prev", "step_size"};
  double initial(std::size_t slot) const { return slot == 1 ? lr.value : 0; }
  static constexpr bool moves = true;

  template <class R>
  struct Formula {
    R shrink, grow, least, most;
    void operator()(auto& x, const auto& g, auto& p, auto& s) const {
      const auto agreement = sign(g) * sign(p);  // a product of gradients may be too small for a float
      s *= select(agreement > 0, grow, select(agreement < 0, shrink, R{1}));
      s = min(max(s, least), most);
      p = select(agreement < 0, R{0}, g);
      x -= sign(p) * s;
    }
  };
  template <class R>
  Formula<R> at(Step) const {
    return narrow<R, Formula>(etaminus, etaplus, step_size_min, step_size_max);
  }
};
static_assert(Rule<Rprop>);

}  // namespace basin::rules
