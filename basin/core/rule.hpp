// What a rule is: the formula of a paper for one weight, its knobs, and the names of what it remembers.
//
//   struct Momentum {
//     static constexpr std::string_view name = "momentum", title = "SGD with momentum";
//     Rate lr = 1e-2;  Fraction momentum = 0.9;
//     BASIN_KNOBS(lr, momentum)                                  every field, lr first
//     static constexpr std::array slots{"momentum_buffer"};      no_slots for none
//     template <class R> struct Formula { R ...; auto operator()(x, g, auto& slot...) const -> u };
//     template <class R> Formula<R> at(Step t) const;            the scalars of step t
//   };
//
// The driver does x -= lr u. Slots start at zero unless the rule says otherwise (`initial`).
#pragma once
#include <array>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <string_view>

#include "basin/core/knobs.hpp"
#include "basin/core/math.hpp"

namespace basin {

using Step = std::int64_t;  // of one parameter, from 1

inline constexpr std::array<std::string_view, 0> no_slots{};

template <class R>
concept Rule = requires(const R& rule, Step t) {
  { R::name } -> std::convertible_to<std::string_view>;
  { R::title } -> std::convertible_to<std::string_view>;
  { R::knob_names[0] } -> std::convertible_to<std::string_view>;
  { R::slots.size() } -> std::convertible_to<std::size_t>;
  { rule.lr } -> std::convertible_to<double>;
  rule.template at<float>(t);
  rule.template at<double>(t);
} && every_field_is_a_knob<R>;

// The value that slot i starts with.
template <class R>
double initial_of(const R& rule, std::size_t slot) {
  if constexpr (requires { rule.initial(slot); }) return rule.initial(slot);
  return 0;
}

// 1 - b^t, the weight that an exponential moving average has gathered after t steps; exact where b^t is close to 1.
inline double gathered(double b, Step t) { return b == 0 ? 1 : -std::expm1(static_cast<double>(t) * std::log(b)); }

}  // namespace basin
