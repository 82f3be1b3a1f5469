// SparseAdam: Adam for gradients with few non-zero rows; other rows keep their weights and moments.
//
// Paper    none; PyTorch's torch.optim.SparseAdam, after Kingma & Ba, ICLR 2015, section 2, "order of
//          computation"
// Step t   m = b1 m + (1-b1) g       v = b2 v + (1-b2) g^2       for the rows that are touched
//          u = m sqrt(1-b2^t)/(1-b1^t) / (sqrt(v) + eps)
// Memory   2 values per weight; 28 bytes moved per touched weight and step in float32
// Departs  from PyTorch: v is infinite after a square that overflows, where PyTorch has NaN; from Adam: eps
//          is not bias-corrected, so it counts for more in the first steps
#pragma once
#include "basin/core/rule.hpp"

namespace basin::rules {

struct SparseAdam {
  static constexpr std::string_view name = "sparse_adam", title = "SparseAdam";
  Rate lr = 1e-3;
  Beta beta1 = 0.9, beta2 = 0.999;
  Epsilon eps = 1e-8;
  BASIN_KNOBS(lr, beta1, beta2, eps)
  static constexpr std::array slots{"exp_avg", "exp_avg_sq"};
  static constexpr bool sparse = true;

  template <class R>
  struct Formula {
    R b1, b2, c1, c2, unbias, eps;
    auto operator()(const auto&, const auto& g, auto& m, auto& v) const {
      m = b1 * m + c1 * g;
      v = b2 * v + c2 * (g * g);
      return m * unbias / (sqrt(v) + eps);
    }
  };
  template <class R>
  Formula<R> at(Step t) const {
    return narrow<R, Formula>(beta1, beta2, 1 - beta1, 1 - beta2,
                              std::sqrt(gathered(beta2, t)) / gathered(beta1, t), eps);
  }
};
static_assert(Rule<SparseAdam>);

}  // namespace basin::rules
