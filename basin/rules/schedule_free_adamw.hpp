// Schedule-free AdamW: averaging in place of a schedule.
//
// Paper    Defazio et al., The Road Less Scheduled, NeurIPS 2024, Algorithm 1
// Step t   the weights are y while training:      v = b2 v + (1-b2) g^2      w = g / (sqrt(v/(1-b2^t)) + eps) + decay y
//          s = lr min(1, t/warmup)      c = s_max^2 / sum of s_max^2      s_max: the largest s so far
//          y = y + c (z - y) - s (1 - b1 (1-c)) w      z = z - s w
//          for evaluation, x = y + (1 - 1/b1) (z - y); Optimizer::eval and ::train switch
// Memory   2 values per weight and 2 numbers per parameter; 28 bytes moved per weight and step in float32
// Departs  as its reference implementation: decay is taken at y, and the weights of the average are s_max^2
#pragma once
#include <algorithm>

#include "basin/core/rule.hpp"

namespace basin::rules {

struct ScheduleFreeAdamW {
  static constexpr std::string_view name = "schedule_free_adamw", title = "Schedule-free AdamW";
  Rate lr = 2.5e-3;
  Beta beta1 = 0.9, beta2 = 0.999;
  Epsilon eps = 1e-8;
  Decay weight_decay = 0;
  Amount warmup_steps = 0;
  BASIN_KNOBS(lr, beta1, beta2, eps, weight_decay, warmup_steps)
  static constexpr std::array slots{"z", "exp_avg_sq"};
  static constexpr bool moves = true;
  static constexpr bool starts_as_weight(std::size_t slot) { return slot == 0; }
  static constexpr std::array<std::string_view, 2> numbers{"weight_sum", "lr_max"};

  template <class R>
  struct Formula {
    R c2, unbias2, eps, decay, average, along, rate;
    void operator()(auto& y, const auto& g, auto& z, auto& v) const {
      v += c2 * (g * g - v);
      const auto w = g / (sqrt(v * unbias2) + eps) + decay * y;
      y = y + average * (z - y) - along * w;
      z = z - rate * w;
    }
  };
  template <class R>
  Formula<R> at(Step t, std::span<double> remembered) const {
    double &weight_sum = remembered[0], &largest = remembered[1];
    const double rate = lr * (warmup_steps > 0 ? std::min(1.0, static_cast<double>(t) / warmup_steps) : 1);
    largest = std::max(largest, rate);
    weight_sum += largest * largest;
    const double average = weight_sum > 0 ? largest * largest / weight_sum : 0;
    return narrow<R, Formula>(1 - beta2, 1 / gathered(beta2, t), eps, weight_decay, average,
                              rate * (1 - beta1 * (1 - average)), rate);
  }

  // The weights for evaluation from those for training, and back; the first slot is z.
  template <class R>
  struct Switch {
    R to_z;
    void operator()(auto& x, const auto& z) const { x = x + to_z * (z - x); }
  };
  template <class R>
  Switch<R> to_eval() const {
    return narrow<R, Switch>(beta1 > 0 ? 1 - 1 / beta1 : 0);
  }
  template <class R>
  Switch<R> to_train() const {
    return narrow<R, Switch>(beta1 > 0 ? 1 - beta1 : 0);
  }
};
static_assert(Rule<ScheduleFreeAdamW>);

}  // namespace basin::rules
