// CAME: Adafactor with momentum, which takes larger steps where its steps have agreed with each other.
//
// Paper    Luo, Ren, Zheng, Jiang, Jiang & You, CAME: Confidence-guided Adaptive Memory Efficient
//          Optimization, ACL 2023, Algorithm 2
// Step t   r, s = running means with b2 of the means of g^2 + eps1 over rows and columns
//          w = g / sqrt(r s / mean(r))      w = w / max(1, rms(w)/d)      m = b1 m + (1-b1) w
//          R, S = running means with b3 of the means of (w - m)^2 + eps2 over rows and columns
//          u = m / sqrt(R S / mean(R)) + decay x
// Memory   1 value per weight, 2 per row and 2 per column; 20 bytes moved per weight and step in float32, 20
//          more for the sums
// Departs  a vector keeps its full second moments in s and moves by m alone, as in the authors' code. A
//          tensor with more than two dimensions is treated as the matrix of its first by all others; the
//          authors' code factors the last two, one matrix for each index of the others. lr is 2e-4, which
//          they recommend
#pragma once
#include "basin/core/rule.hpp"

namespace basin::rules {

struct Came {
  static constexpr std::string_view name = "came", title = "CAME";
  Rate lr = 2e-4;
  Beta beta1 = 0.9, beta2 = 0.999, beta3 = 0.9999;
  Epsilon eps1 = 1e-30, eps2 = 1e-16;
  Limit d = 1;
  Decay weight_decay = 0;
  BASIN_KNOBS(lr, beta1, beta2, beta3, eps1, eps2, d, weight_decay)
  static constexpr std::array slots{"exp_avg_sq_row", "exp_avg_sq_col", "exp_avg_res_row", "exp_avg_res_col",
                                    "exp_avg"};
  static constexpr std::array extents{Extent::row, Extent::column, Extent::row, Extent::column,
                                      Extent::weight};

  template <class M>
  [[gnu::always_inline]] void step(M& at, Step) const {
    using R = typename M::Number;
    at.gather_means([e = R(eps1)](const auto&, const auto& g, const auto&...) { return g * g + e; });
    at.template follow<0>(1 - beta2);
    at.template follow<1>(1 - beta2);
    const auto unit = [full = at.one_row(), k = R(1 / at.template mean_of<0>())](const auto& g, const auto& r,
                                                                                 const auto& s) {
      return g / select(full, sqrt(s), sqrt(k * r) * sqrt(s));  // the product may be too small for a float
    };
    const double length =
        std::sqrt(at.mean([unit](const auto&, const auto& g, const auto& r, const auto& s, const auto&...) {
          const auto w = unit(g, r, s);
          return w * w;
        }));
    at.gather_means(
        [unit, clip = R(1 / max(1.0, length / d)), b = R(beta1), c = R(1 - beta1), e = R(eps2)](
            const auto&, const auto& g, const auto& r, const auto& s, const auto&, const auto&, auto& m) {
          const auto w = clip * unit(g, r, s);
          m = b * m + c * w;
          const auto apart = w - m;
          return apart * apart + e;
        });
    at.template follow<2>(1 - beta3);
    at.template follow<3>(1 - beta3);
    const auto decay = R(weight_decay);
    if (at.one_row())
      return at.direct([decay](const auto& x, const auto&, const auto&, const auto&, const auto&, const auto&,
                               const auto& m) { return m + decay * x; });
    at.direct([decay, k = R(1 / at.template mean_of<2>())](
                  const auto& x, const auto&, const auto&, const auto&, const auto& r, const auto& s,
                  const auto& m) { return m / (sqrt(k * r) * sqrt(s)) + decay * x; });
  }
};
static_assert(Rule<Came>);

}  // namespace basin::rules
