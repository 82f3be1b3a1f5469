// The interface of a rule: the formula of a paper for one weight, its knobs, and the names of its state.
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
// A formula uses only operators and the functions of core/math.hpp, and branches with `select`, also on
// scalars: the same text serves a loop, tensors and the source of a kernel (kernels/source.hpp). Its fields
// are of type R.
//
// Write a running mean as m = b * m + c * g with c = 1 - b, and a mean of squares as v = b * v + c * g * g.
// One infinite term leaves the mean infinite, and the step is 0. With v += c * (g * g - v), it would be inf -
// inf, a NaN, from the next step on.
//
// The driver does x -= lr u. Slots start at zero. A rule may also declare:
//
//   double initial(slot) const                       the initial value of a slot
//   static constexpr bool starts_as_weight(slot)     a slot that starts as a copy of the weights
//   static constexpr std::array numbers{"product"}   doubles remembered for each parameter, initially 1;
//   at<R>(Step t, std::span<double> values) const    then receives them, once per parameter and step, and may
//                                                    change them
//   static constexpr Scope sums_over = Scope::tensor the rule needs sums over a tensor, or over a group;
//   auto terms(Step t, std::span<const double> values) const
//                                                    returns a function (x, g, slot...) -> std::array of
//                                                    terms, called with the values before the step, and
//   at<R>(Step t, std::span<double> values, const Sums& sums) const
//                                                    receives their sums. For a group, `values` are those of
//                                                    its parameter with the most steps
//   static constexpr std::size_t curvature = 1       this slot holds a running mean, with factor beta2, of an
//                                                    estimate of the Hessian's diagonal; the caller supplies
//                                                    it, and the formula reads it
//   static constexpr bool moves = true               the formula changes x itself, with the rate among its
//                                                    scalars, and returns nothing; such a rule comes last
//   static constexpr bool loops_alone = true         the formula needs more than math.hpp offers, such as
//                                                    std::exp: it has loops, but no kernel for a GPU
//   static constexpr bool sparse = true              the rule may receive only a few rows of a gradient; all
//                                                    other weights and slots then stay as they are
//   static constexpr std::array extents{Extent::row, Extent::column}
//                                                    the extent of each slot, unless all have one value per
//                                                    weight
//   [[gnu::always_inline]] void step(auto& at, Step t) const
//                                                    replaces `at`: the step of one tensor, as a few passes
//                                                    over it as a matrix (kernels/matrix.hpp), compiled for
//                                                    each instruction set
//   template <class R> struct Switch                 for a rule that is evaluated at another point than it is
//                                                    trained at:
//   Switch<R> to_eval<R>() const, to_train<R>()      (x, auto& slot...) changes one into the other and back
//
// A dialect, which is a rule as another library computes it under the same name, also declares:
//
//   static constexpr std::string_view dialect_of = "rmsprop"      the rule
//   static constexpr std::array dialects{"keras"}    the libraries
//   using Loops = AdamW                              it has the formula of this rule, whose loops serve both
#pragma once
#include <array>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "basin/core/knobs.hpp"
#include "basin/core/math.hpp"
#include "basin/core/sums.hpp"

namespace basin {

using Step = std::int64_t;  // counted for each parameter, from 1

// The purpose that the weights are ready for: taking gradients and steps, or being evaluated, saved and used.
enum class Mode { train, eval };

inline constexpr std::array<std::string_view, 0> no_slots{};

// What one value of a slot belongs to: a weight or, for a tensor seen as a matrix, a row or a column. A row
// has one index in the first dimension; a tensor with fewer than two dimensions is one row.
enum class Extent { weight, row, column };
constexpr std::string_view name_of(Extent extent) {
  return extent == Extent::row ? "row" : extent == Extent::column ? "column" : "weight";
}

// Returns the scalars of step t for a parameter with these `numbers`; for a rule that needs sums, computed
// from `sums`.
template <class T, class R>
auto scalars_at(const R& rule, Step t, [[maybe_unused]] std::span<double> numbers,
                [[maybe_unused]] const Sums& sums = {}) {
  if constexpr (requires { R::sums_over; })
    return rule.template at<T>(t, numbers, sums);
  else if constexpr (requires { rule.template at<T>(t, numbers); })
    return rule.template at<T>(t, numbers);
  else
    return rule.template at<T>(t);
}

template <class R>
concept SummingRule = requires {
  { R::sums_over } -> std::convertible_to<Scope>;
} && requires(const R& rule, Step t, std::span<double> values, const Sums& sums) {
  rule.terms(t, values);
  rule.template at<float>(t, values, sums);
};

// Its `step` is a template that accepts only the matrices that it is written for.
template <class R>
concept MatrixRule = requires {
  { R::extents[0] } -> std::convertible_to<Extent>;
  requires R::extents.size() == R::slots.size();
};

template <class R>
concept HasScalars = SummingRule<R> || requires(const R& rule, Step t) {
  rule.template at<float>(t);
} || requires(const R& rule, Step t, std::span<double> values) { rule.template at<float>(t, values); };

template <class R>
concept ElementwiseRule = HasScalars<R> && requires(const R& rule, Step t, std::span<double> numbers) {
  scalars_at<float>(rule, t, numbers);
  scalars_at<double>(rule, t, numbers);
};

template <class R>
concept Rule = (MatrixRule<R> || ElementwiseRule<R>) && requires(const R& rule) {
  { R::name } -> std::convertible_to<std::string_view>;
  { R::title } -> std::convertible_to<std::string_view>;
  { R::knob_names[0] } -> std::convertible_to<std::string_view>;
  { R::slots.size() } -> std::convertible_to<std::size_t>;
  { rule.lr } -> std::convertible_to<double>;
} && every_field_is_a_knob<R>;

// Returns the initial value of a slot.
template <class R>
double initial_of(const R& rule, [[maybe_unused]] std::size_t slot) {
  if constexpr (requires { rule.initial(slot); })
    return rule.initial(slot);
  else
    return 0;
}

template <class R>
constexpr bool starts_as_weight([[maybe_unused]] std::size_t slot) {
  if constexpr (requires { R::starts_as_weight(slot); })
    return R::starts_as_weight(slot);
  else
    return false;
}

template <class R>
constexpr std::size_t number_count() {
  if constexpr (requires { R::numbers; })
    return R::numbers.size();
  else
    return 0;
}

template <class R>
constexpr Extent extent_of([[maybe_unused]] std::size_t slot) {
  if constexpr (MatrixRule<R>)
    return R::extents[slot];
  else
    return Extent::weight;
}

template <class R>
constexpr std::optional<std::size_t> curvature_slot() {
  if constexpr (requires { R::curvature; })
    return R::curvature;
  else
    return {};
}

template <class R>
constexpr bool moves_weights() {
  if constexpr (requires { R::moves; })
    return R::moves;
  else
    return false;
}

template <class R>
constexpr bool has_loops_alone() {
  if constexpr (requires { R::loops_alone; })
    return R::loops_alone;
  else
    return false;
}

template <class R>
constexpr bool takes_sparse() {
  if constexpr (requires { R::sparse; })
    return R::sparse;
  else
    return false;
}

template <class R>
constexpr bool has_two_points() {
  return requires(const R& rule) { rule.template to_eval<double>(), rule.template to_train<double>(); };
}

// Returns 1 - b^t, the total weight of an exponential moving average after t steps; accurate where b^t is
// close to 1.
inline double gathered(double b, Step t) {
  return b == 0 ? 1 : -std::expm1(static_cast<double>(t) * std::log(b));
}

// Returns the factor that corrects the bias of the root of a second moment. It applies to the root, because
// the moment itself may be so close to the largest number that correcting it first makes it infinite.
inline double unbiased_root(double b, Step t) { return 1 / std::sqrt(gathered(b, t)); }

}  // namespace basin
