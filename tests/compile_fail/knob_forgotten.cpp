// A field that the line of knobs forgets would never be searched, checked or saved.
// expect: KnobForgotten
// expect: every_field_is_a_knob
#include "basin/kernels/compile.hpp"

namespace basin::rules {

struct KnobForgotten {
  static constexpr std::string_view name = "wrong", title = "Wrong";
  Rate lr = 1e-2;
  Beta beta = 0.9;
  BASIN_KNOBS(lr)
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

static_assert(basin::Rule<basin::rules::KnobForgotten>);
template const basin::kernels::Table& basin::kernels::table_of<basin::rules::KnobForgotten>();
