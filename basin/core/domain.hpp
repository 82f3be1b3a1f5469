// The types of hyper-parameters. A type is a domain: the valid range, the range that a search explores, and
// the scale.
//
//   Rate lr = 1e-3;          converts from and to double, has the size of a double, and stores any value.
//                            `checked` (knobs.hpp) tests the range, so that the message can name the knob.
#pragma once
#include <string>
#include <string_view>

namespace basin {

enum class Scale {
  linear,
  log,
  complement_log
};  // complement_log: 1 - value is searched on a log scale (betas)

struct Range {
  double low, high;          // infinity for none
  bool open_low, open_high;  // the end itself is not allowed
  double search_low, search_high;
  Scale scale;
  std::string_view meaning;  // for messages and documentation: "in [0, 1)"

  constexpr bool contains(double v) const {  // false for NaN
    return (open_low ? v > low : v >= low) && (open_high ? v < high : v <= high);
  }
};

inline constexpr double unbounded = __builtin_huge_val();

namespace domain {
inline constexpr Range rate{0, unbounded, false, true, 1e-5, 1, Scale::log, "0 or more, and finite"};
inline constexpr Range beta{0, 1, false, true, 0.5, 0.9999, Scale::complement_log, "in [0, 1)"};
inline constexpr Range inner_beta{0, 1, true, true, 0.5, 0.9999, Scale::complement_log, "in (0, 1)"};
inline constexpr Range decay{0, unbounded, false, true, 1e-6, 1e-1, Scale::log, "0 or more, and finite"};
inline constexpr Range epsilon{0, unbounded, false, true, 1e-10, 1e-3, Scale::log, "0 or more, and finite"};
inline constexpr Range amount{0, unbounded, false, true, 1e-6, 1, Scale::log, "0 or more, and finite"};
inline constexpr Range span{0, unbounded, true, true, 1, 1e6, Scale::log, "more than 0 steps"};
inline constexpr Range positive{0, unbounded, true, true, 1e-4, 10, Scale::log, "more than 0, and finite"};
inline constexpr Range fraction{0, 1, false, false, 0, 1, Scale::linear, "in [0, 1]"};
inline constexpr Range limit{0, unbounded, true, true, 1e-2, 10, Scale::log, "more than 0, and finite"};
inline constexpr Range shrink{0, 1, true, true, 0.1, 0.9, Scale::linear, "in (0, 1)"};
inline constexpr Range growth{1, unbounded, true, true, 1.05, 2, Scale::linear, "more than 1, and finite"};
inline constexpr Range steps{0, unbounded, false, true, 1, 1e4, Scale::log, "0 or more, and finite"};
inline constexpr Range falling{-unbounded, 0, true, false, -1, -0.5, Scale::linear, "0 or less"};
inline constexpr Range seed{
    0, 9007199254740992, false, false, 0, 1000, Scale::linear, "a whole number, 0 or more"};
}  // namespace domain

template <const Range& R>
struct Bounded {
  static constexpr const Range& range = R;
  double value;
  constexpr Bounded(double v) : value(v) {}  // NOLINT(google-explicit-constructor): a knob reads as a number
  constexpr operator double() const { return value; }
};

using Rate = Bounded<domain::rate>;             // a learning rate
using Beta = Bounded<domain::beta>;             // the factor of an exponential moving average
using InnerBeta = Bounded<domain::inner_beta>;  // like Beta, but used as a divisor
using Decay = Bounded<domain::decay>;           // weight decay, rate decay
using Epsilon = Bounded<domain::epsilon>;       // keeps a denominator from being zero
using Amount = Bounded<domain::amount>;         // an initial accumulator
using Fraction = Bounded<domain::fraction>;     // dampening
using Limit = Bounded<domain::limit>;           // a clipping limit
using Shrink = Bounded<domain::shrink>;         // a factor that makes a step smaller
using Growth = Bounded<domain::growth>;         // a factor that makes a step larger
using Steps = Bounded<domain::steps>;           // a number of steps
using Span = Bounded<domain::span>;             // the length of a schedule in steps
using Positive = Bounded<domain::positive>;     // a factor
using Falling = Bounded<domain::falling>;       // the exponent of a power of time
using Seed = Bounded<domain::seed>;

}  // namespace basin
