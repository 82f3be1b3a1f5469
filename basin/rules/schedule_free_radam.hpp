// Schedule-free RAdam: schedule-free AdamW whose rate grows from nothing as the second moment can be trusted; no warmup to set.
//
// Paper    Defazio et al., The Road Less Scheduled, NeurIPS 2024, with the rectified rate of Liu et al., ICLR 2020
// Step t   n = 2/(1-b2) - 1     r = n - 2 t b2^t / (1-b2^t)
//          gamma = lr sqrt((r-4)(r-2) n / ((n-4)(n-2) r)), 0 while r <= 4
//          c = w_t / (w_1 + ... + w_t), w_i the square of the largest gamma up to i
//          v = b2 v + (1-b2) g^2            d = g / (sqrt(v/(1-b2^t)) + eps) + decay x
//          z = z - gamma d                  the fast weights
//          a = a + c (z - a)                their mean, which is not stored
//          x = b1 a + (1-b1) z              where the next gradient is taken
// Memory   2 values per weight; 28 bytes moved per weight and step in float32
// Eval     x becomes a = x + (1 - 1/b1) (z - x), and back again
// Departs  as the authors' code with its silent first steps: the paper has no such variant
#pragma once
#include <algorithm>

#include "basin/rules/schedule_free_adamw.hpp"

namespace basin::rules {

struct ScheduleFreeRAdam {
  static constexpr std::string_view name = "schedule_free_radam", title = "Schedule-free RAdam";
  Rate lr = 2.5e-3;
  InnerBeta beta1 = 0.9;
  Beta beta2 = 0.999;
  Epsilon eps = 1e-8;
  Decay weight_decay = 0;
  BASIN_KNOBS(lr, beta1, beta2, eps, weight_decay)
  static constexpr auto slots = ScheduleFreeAdamW::slots;
  static constexpr auto numbers = ScheduleFreeAdamW::numbers;
  static constexpr bool starts_as_weight(std::size_t slot) { return slot == 0; }
  static constexpr bool moves = true;

  template <class R>
  using Formula = ScheduleFreeAdamW::Formula<R>;
  template <class R>
  Formula<R> at(Step t, std::span<double> values) const {
    double &weight_sum = values[0], &lr_max = values[1];
    if (t == 1) weight_sum = lr_max = 0;
    const double gamma = lr * rectifier(t);
    lr_max = std::max(lr_max, gamma);
    weight_sum += lr_max * lr_max;
    const double c = weight_sum > 0 ? lr_max * lr_max / weight_sum : 0;
    return narrow<R, ScheduleFreeAdamW::Formula>(1 - beta2, 1 / gathered(beta2, t), eps, weight_decay, gamma,
                                                 c, gamma * (1 - beta1 * (1 - c)));
  }

  template <class R>
  using Switch = ScheduleFreeAdamW::Switch<R>;
  template <class R>
  Switch<R> to_eval() const {
    return narrow<R, ScheduleFreeAdamW::Switch>(1 - 1 / beta1);
  }
  template <class R>
  Switch<R> to_train() const {
    return narrow<R, ScheduleFreeAdamW::Switch>(1 - beta1);
  }

 private:
  double rectifier(Step t) const {
    const auto steps = static_cast<double>(t);
    const double limit = 2 / (1 - beta2) - 1;
    const double length = limit - 2 * steps * std::pow(beta2.value, steps) / gathered(beta2, t);
    if (length <= 4) return 0;
    return std::sqrt((length - 4) * (length - 2) * limit / ((limit - 4) * (limit - 2) * length));
  }
};
static_assert(Rule<ScheduleFreeRAdam>);

}  // namespace basin::rules
