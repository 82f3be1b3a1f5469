// Schedule-free SGD: replaces the schedule by a running mean of the weights, near which training continues.
//
// Paper    Defazio, Yang, Mehta, Mishchenko, Khaled & Cutkosky, The Road Less Scheduled, NeurIPS 2024, eq.
//          2-4
// Step t   gamma = lr min(1, t/warmup)
//          c = w_t / (w_1 + ... + w_t), w_i the square of the largest gamma up to i
//          d = g + decay x
//          z = z - gamma d                  the fast weights
//          a = a + c (z - a)                their mean, which is not stored
//          x = mu a + (1-mu) z              where the next gradient is taken
// Memory   1 value per weight; 20 bytes moved per weight and step in float32
// Eval     x becomes a = x + (1 - 1/mu) (z - x), and back again
// Departs  follows the authors' code: c uses the largest gamma so far, the paper the gamma of the step
#pragma once
#include "basin/rules/schedule_free.hpp"

namespace basin::rules {

struct ScheduleFreeSgd {
  static constexpr std::string_view name = "schedule_free_sgd", title = "Schedule-free SGD";
  Rate lr = 1;
  InnerBeta momentum = 0.9;
  Decay weight_decay = 0;
  Steps warmup_steps = 0;
  BASIN_KNOBS(lr, momentum, weight_decay, warmup_steps)
  static constexpr std::array slots{"z"};
  static constexpr auto numbers = mean_numbers;
  static constexpr bool starts_as_weight(std::size_t) { return true; }
  static constexpr bool moves = true;

  template <class R>
  struct Formula {
    R decay, gamma, c, ahead;
    void operator()(auto& x, const auto& g, auto& z) const {
      const auto d = g + decay * x;
      x += c * (z - x) - ahead * d;  // the formulas above, with the mean eliminated
      z -= gamma * d;
    }
  };
  template <class R>
  Formula<R> at(Step t, std::span<double> values) const {
    const double gamma = warmed_up(lr, t, warmup_steps), c = mean_weight(t, gamma, values);
    return narrow<R, Formula>(weight_decay, gamma, c, gamma * (1 - momentum * (1 - c)));
  }

  template <class R>
  struct Switch {
    R share;
    void operator()(auto& x, const auto& z) const { x += share * (z - x); }
  };
  template <class R>
  Switch<R> to_eval() const {
    return narrow<R, Switch>(1 - 1 / momentum);
  }
  template <class R>
  Switch<R> to_train() const {
    return narrow<R, Switch>(1 - momentum);
  }
};
static_assert(Rule<ScheduleFreeSgd>);

}  // namespace basin::rules
