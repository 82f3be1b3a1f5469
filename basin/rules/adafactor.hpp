// Adafactor: keeps Adam's second moment of a matrix as its row and column means, and scales the step by the
// size of the weights.
//
// Paper    Shazeer & Stern, Adafactor: Adaptive Learning Rates with Sublinear Memory Cost, ICML 2018,
//          Algorithms 4 and 5
// Step t   c = t^beta2_decay      r = (1-c) r + c mean(g^2 of the row)
//          s = (1-c) s + c mean(g^2 of the column)
//          v = r s / max(mean(r), eps1)      w = g / sqrt(max(v, eps1^2))
//          u = max(eps2, rms(x)) min(1, 1/(lr sqrt(t))) w / max(1, rms(w)/d) + decay x
// Memory   1 value per row and 1 per column, none per weight; 12 bytes moved per weight and step in float32,
//          12 more for the sums
// Departs  eps1, lr and their defaults are PyTorch's; the paper adds 1e-30 to g^2 and has lr 1e-2,
//          beta2_decay -0.8, eps2 1e-3 and d 1. A tensor with more than two dimensions is treated as the
//          matrix of its first by all others; PyTorch factors the last two. A vector keeps its full second
//          moments in s, which replaces v
#pragma once
#include <algorithm>

#include "basin/core/rule.hpp"

namespace basin::rules {

struct Adafactor {
  static constexpr std::string_view name = "adafactor", title = "Adafactor";
  Rate lr = 1e-2;
  Falling beta2_decay = -0.8;
  Epsilon eps1 = 0x1p-23, eps2 = 1e-3;
  Limit d = 1;
  Decay weight_decay = 0;
  BASIN_KNOBS(lr, beta2_decay, eps1, eps2, d, weight_decay)
  static constexpr std::array slots{"row_var", "col_var"};
  static constexpr std::array extents{Extent::row, Extent::column};

  template <class M>
  [[gnu::always_inline]] void step(M& at, Step t) const {
    using R = typename M::Number;
    const double take = std::pow(static_cast<double>(t), beta2_decay);
    at.gather_means([](const auto&, const auto& g, const auto&, const auto&) { return g * g; });
    at.template follow<0>(take);
    at.template follow<1>(take);
    const double mean = std::max<double>(at.template mean_of<0>(), eps1);
    const auto unit = [full = at.one_row(), k = R(1 / mean), least = R(eps1 * eps1)](
                          const auto& g, const auto& r, const auto& s) {
      return g / sqrt(max(select(full, s, k * r * s), least));
    };
    const double size =
        std::sqrt(at.mean([](const auto& x, const auto&, const auto&, const auto&) { return x * x; }));
    const double length = std::sqrt(at.mean([unit](const auto&, const auto& g, const auto& r, const auto& s) {
      const auto w = unit(g, r, s);
      return w * w;
    }));
    const double slower = std::min(1.0, 1 / (lr * std::sqrt(static_cast<double>(t))));
    const double factor = std::max<double>(eps2, size) * slower / std::max(1.0, length / d);
    at.direct([unit, factor = R(factor), decay = R(weight_decay)](const auto& x, const auto& g, const auto& r,
                                                                  const auto& s) {
      return factor * unit(g, r, s) + decay * x;
    });
  }
};
static_assert(Rule<Adafactor>);

}  // namespace basin::rules
