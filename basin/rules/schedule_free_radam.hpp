// Schedule-free RAdam: schedule-free AdamW whose rate grows from zero as the second moment becomes reliable;
// needs no warmup.
//
// Paper    Defazio et al., The Road Less Scheduled, NeurIPS 2024, with the rectified rate of Liu et al., ICLR
//          2020
// Step t   n = 2/(1-b2) - 1     r = n - 2 t b2^t / (1-b2^t)
//          gamma = lr sqrt((r-4)(r-2) n / ((n-4)(n-2) r)), 0 while r <= 4
//          c = w_t / (w_1 + ... + w_t), w_i the square of the largest gamma up to i
//          v = b2 v + (1-b2) g^2            d = g / (sqrt(v/(1-b2^t)) + eps) + decay x
//          z = z - gamma d                  the fast weights
//          a = a + c (z - a)                their mean, which is not stored
//          x = b1 a + (1-b1) z              where the next gradient is taken
// Memory   2 values per weight; 28 bytes moved per weight and step in float32
// Eval     x becomes a = x + (1 - 1/b1) (z - x), and back again
// Departs  follows the authors' code, including its first steps with rate 0; the paper has no such variant
#pragma once
#include "basin/rules/radam.hpp"
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
  static constexpr bool starts_as_weight(std::size_t slot) {
    return ScheduleFreeAdamW::starts_as_weight(slot);
  }
  static constexpr bool moves = true;

  template <class R>
  auto at(Step t, std::span<double> values) const {
    return adamw().template with_rate<R>(t, lr * rectified(beta2, t, 4), values);
  }
  template <class R>
  using Switch = ScheduleFreeAdamW::Switch<R>;
  template <class R>
  auto to_eval() const {
    return adamw().template to_eval<R>();
  }
  template <class R>
  auto to_train() const {
    return adamw().template to_train<R>();
  }

 private:
  ScheduleFreeAdamW adamw() const {
    return {.lr = lr, .beta1 = beta1, .beta2 = beta2, .eps = eps, .weight_decay = weight_decay};
  }
};
static_assert(Rule<ScheduleFreeRAdam>);

}  // namespace basin::rules
