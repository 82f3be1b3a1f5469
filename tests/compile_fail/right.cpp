// A rule as it should be: what the others are one change away from.
#include "basin/kernels/compile.hpp"

namespace basin::rules {

struct Right {
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
      return m;
    }
  };
  template <class R>
  Formula<R> at(Step) const {
    return narrow<R, Formula>(beta, 1 - beta);
  }
};

}  // namespace basin::rules

static_assert(basin::Rule<basin::rules::Right>);
template const basin::kernels::Table& basin::kernels::table_of<basin::rules::Right>();
