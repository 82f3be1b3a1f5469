// The interface of a link, which is placed before a rule and changes the gradient, or after it and changes
// the direction.
//
//   struct ClipByValue {                                  element by element
//     static constexpr std::string_view name = "clip_value";
//     static constexpr Place place = Place::gradient;     or Place::direction
//     Positive limit = 1;  BASIN_KNOBS(limit)
//     template <class R> struct Formula { R limit; auto operator()(x, g) const -> g };   or (x, g, u) -> u
//     template <class R> Formula<R> at(Step t) const;
//   };
//   struct ClipByGlobalNorm {                             by a sum over many elements
//     ...
//     static constexpr Scope scope = Scope::all;          what the sums cover: a row, a tensor, or all
//     static auto terms(const auto& x, const auto& g) { return std::array{g * g}; }   or (x, g, u)
//     double factor(const Sums& sums) const;              a factor for the gradient or direction, or
//     template <class R> Formula<R> at(Step t, const Sums& sums) const;      a formula like the one above, or
//     bool skip(const Sums& sums) const;                  whether to skip the whole step (Scope::all)
//   };
//
//   A link that needs the position of a weight (noise) has at<R>(Step t, std::uint64_t tensor), where
//   `tensor` is the parameter's number, and a formula (x, g, index) -> g.
//
// g is the gradient after the links before this one, u the direction.
//
// A sum that contains NaN turns everything that it scales into NaN, as in other libraries. Every comparison
// with NaN is false: test whether a norm is small (norm <= limit ? 1 : limit / norm), and use min and max
// from core/math.hpp, which propagate NaN.
#pragma once
#include <array>
#include <concepts>
#include <cstdint>
#include <string_view>

#include "basin/core/rule.hpp"
#include "basin/core/sums.hpp"

namespace basin {

enum class Place { gradient, direction };

template <class L>
concept Positioned =
    requires(const L& link, Step t, std::uint64_t tensor) { link.template at<float>(t, tensor); };
template <class L>
concept Elementwise = Positioned<L> || requires(const L& link, Step t) { link.template at<float>(t); };
template <class L>
concept Reducing = requires {
  { L::scope } -> std::convertible_to<Scope>;
};
template <class L>
concept Scaling = Reducing<L> && requires(const L& link, const Sums& sums) {
  { link.factor(sums) } -> std::same_as<double>;
};
template <class L>
concept Skipping = Reducing<L> && requires(const L& link, const Sums& sums) {
  { link.skip(sums) } -> std::same_as<bool>;
};

template <class L>
concept Link = requires {
  { L::name } -> std::convertible_to<std::string_view>;
  { L::place } -> std::convertible_to<Place>;
  { L::knob_names.size() } -> std::convertible_to<std::size_t>;
} && (Elementwise<L> || Reducing<L>) && every_field_is_a_knob<L>;

}  // namespace basin
