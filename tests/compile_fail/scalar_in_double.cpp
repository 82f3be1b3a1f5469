// 0.5 is a double: the loop over floats would compute in double, at half the speed and with other bits.
// expect: double-promotion
// expect: ScalarInDouble
#include "basin/kernels/compile.hpp"

namespace basin::rules {

struct ScalarInDouble {
  static constexpr std::string_view name = "wrong", title = "Wrong";
  Rate lr = 1e-2;
  Beta beta = 0.9;
  BASIN_KNOBS(lr, beta)
  static constexpr std::array slots{"mean"};

  template <class R>
  struct Formula {
    R b, c;
    auto operator()(const auto&, const auto& g, auto& m) const {
      m = b * m + c * g;
      return m * 0.5;
    }
  };
  template <class R>
  Formula<R> at(Step) const {
    return narrow<R, Formula>(beta, 1 - beta);
  }
};

}  // namespace basin::rules

static_assert(basin::Rule<basin::rules::ScalarInDouble>);
template const basin::kernels::Table& basin::kernels::table_of<basin::rules::ScalarInDouble>();
