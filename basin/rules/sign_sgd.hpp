// SignSGD: moves every weight by the rate, against the sign of its gradient; signum uses the sign of the mean
// gradient.
//
// Paper    Bernstein, Wang, Azizzadenesheli & Anandkumar, signSGD: Compressed Optimisation for Non-Convex
//          Problems, ICML 2018, Algorithms 1 and 2; tiger: Su, Tiger: A Tight-fisted Optimizer, 2023, which
//          is Signum with other defaults
// Step t   sign_sgd         u = sign(g) + decay x
//          signum, tiger    m = mu m + (1-mu) g      u = sign(m) + decay x
// Memory   sign_sgd nothing; the others 1 value per weight
// Departs  decay is decoupled; the papers have none, or leave it open
#pragma once
#include "basin/core/rule.hpp"

namespace basin::rules {

struct SignSgd {
  static constexpr std::string_view name = "sign_sgd", title = "SignSGD";
  Rate lr = 1e-4;
  Decay weight_decay = 0;
  BASIN_KNOBS(lr, weight_decay)
  static constexpr auto slots = no_slots;

  template <class R>
  struct Formula {
    R decay;
    auto operator()(const auto& x, const auto& g) const { return sign(g) + decay * x; }
  };
  template <class R>
  Formula<R> at(Step) const {
    return narrow<R, Formula>(weight_decay);
  }
};

struct Signum {
  static constexpr std::string_view name = "signum", title = "Signum";
  Rate lr = 1e-4;
  Beta momentum = 0.9;
  Decay weight_decay = 0;
  BASIN_KNOBS(lr, momentum, weight_decay)
  static constexpr std::array slots{"exp_avg"};

  template <class R>
  struct Formula {
    R mu, c, decay;
    auto operator()(const auto& x, const auto& g, auto& m) const {
      m = mu * m + c * g;
      return sign(m) + decay * x;
    }
  };
  template <class R>
  Formula<R> at(Step) const {
    return narrow<R, Formula>(momentum, 1 - momentum, weight_decay);
  }
};

struct Tiger {
  static constexpr std::string_view name = "tiger", title = "Tiger";
  Rate lr = 1e-3;
  Beta beta = 0.965;
  Decay weight_decay = 1e-2;
  BASIN_KNOBS(lr, beta, weight_decay)
  static constexpr auto slots = Signum::slots;

  template <class R>
  Signum::Formula<R> at(Step t) const {
    return Signum{lr, beta.value, weight_decay}.at<R>(t);
  }
};
static_assert(Rule<SignSgd> && Rule<Signum> && Rule<Tiger>);

}  // namespace basin::rules
