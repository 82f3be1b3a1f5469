// Schedule-free AdamW: replaces the schedule by a running mean of the weights, near which training continues.
//
// Paper    Defazio, Yang, Mehta, Mishchenko, Khaled & Cutkosky, The Road Less Scheduled, NeurIPS 2024,
//          Algorithm 1
// Step t   gamma = lr min(1, t/warmup)
//          c = w_t / (w_1 + ... + w_t), w_i the square of the largest gamma up to i
//          v = b2 v + (1-b2) g^2            d = g / (sqrt(v/(1-b2^t)) + eps) + decay x
//          z = z - gamma d                  the fast weights
//          a = a + c (z - a)                their mean, which is not stored
//          x = b1 a + (1-b1) z              where the next gradient is taken
// Memory   2 values per weight; 28 bytes moved per weight and step in float32
// Eval     x becomes a = x + (1 - 1/b1) (z - x), and back again
// Departs  follows the authors' code: the bias is corrected in v, while the paper multiplies gamma by its
//          root, so that c depends on it; c uses the largest gamma so far, the paper the gamma of the step
#pragma once
#include "basin/rules/schedule_free.hpp"

namespace basin::rules {

struct ScheduleFreeAdamW {
  static constexpr std::string_view name = "schedule_free_adamw", title = "Schedule-free AdamW";
  Rate lr = 2.5e-3;
  InnerBeta beta1 = 0.9;
  Beta beta2 = 0.999;
  Epsilon eps = 1e-8;
  Decay weight_decay = 0;
  Steps warmup_steps = 0;
  BASIN_KNOBS(lr, beta1, beta2, eps, weight_decay, warmup_steps)
  static constexpr std::array slots{"z", "exp_avg_sq"};
  static constexpr auto numbers = mean_numbers;
  static constexpr bool starts_as_weight(std::size_t slot) { return slot == 0; }
  static constexpr bool moves = true;

  template <class R>
  struct Formula {
    R b2, c2, unbias2, eps, decay, gamma, c, ahead;
    void operator()(auto& x, const auto& g, auto& z, auto& v) const {
      v = b2 * v + c2 * g * g;
      const auto d = g / (sqrt(v) * unbias2 + eps) + decay * x;
      x += c * (z - x) - ahead * d;  // the formulas above, with the mean eliminated
      z -= gamma * d;
    }
  };
  template <class R>
  Formula<R> at(Step t, std::span<double> values) const {
    return with_rate<R>(t, warmed_up(lr, t, warmup_steps), values);
  }
  // The same with the rate of this step given.
  template <class R>
  Formula<R> with_rate(Step t, double gamma, std::span<double> values) const {
    const double c = mean_weight(t, gamma, values);
    return narrow<R, Formula>(beta2, 1 - beta2, unbiased_root(beta2, t), eps, weight_decay, gamma, c,
                              gamma * (1 - beta1 * (1 - c)));
  }

  template <class R>
  struct Switch {
    R share;
    void operator()(auto& x, const auto& z, const auto&) const { x += share * (z - x); }
  };
  template <class R>
  Switch<R> to_eval() const {
    return narrow<R, Switch>(1 - 1 / beta1);
  }
  template <class R>
  Switch<R> to_train() const {
    return narrow<R, Switch>(1 - beta1);
  }
};
static_assert(Rule<ScheduleFreeAdamW>);

}  // namespace basin::rules
