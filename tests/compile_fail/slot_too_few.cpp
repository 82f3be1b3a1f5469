// Two slots are named; the formula takes one.
// expect: the formula of this rule must take x, g and as many slots as its `slots` names
// expect: SlotTooFew
#include "basin/kernels/compile.hpp"

namespace basin::rules {

struct SlotTooFew {
  static constexpr std::string_view name = "wrong", title = "Wrong";
  Rate lr = 1e-2;
  Beta beta = 0.9;
  BASIN_KNOBS(lr, beta)
  static constexpr std::array slots{"mean", "square"};

  template <class R>
  struct Formula {
    R b, c;
    auto operator()(const auto&, const auto& g, auto& m) const {
      m = b * m + c * g;
      return m;
    }
  };
  template <class R>
  Formula<R> at(Step) const {
    return narrow<R, Formula>(beta, 1 - beta);
  }
};

}  // namespace basin::rules

static_assert(basin::Rule<basin::rules::SlotTooFew>);
template const basin::kernels::Table& basin::kernels::table_of<basin::rules::SlotTooFew>();
