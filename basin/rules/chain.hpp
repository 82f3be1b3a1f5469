// A chain known at compile time: links, one rule, links, as one type.
//
//   using Mine = rules::Chain<links::ClipByValue, AdamW, links::L1Decay>;
//   Optimizer optimizer(parameters, Mine{{.lr = 3e-4}, {.limit = 0.5}, {.weight = 1e-5}});  the rule's first
//
// It converts to a kernels::Chain wherever one is accepted. If all its links work element by element, it is
// also a rule, and `basin_add_rule(target mine.hpp Mine)` compiles one fused loop for it. Either way, the
// bits are those of the same chain written as text, "clip_value:0.5+adamw+l1_decay:1e-05".
//
// Requires  knobs with different names: L2 and WeightDecay, which both have `weight`, can be combined only at
//           run time
#pragma once
#include <algorithm>
#include <array>
#include <string_view>
#include <tuple>

#include "basin/core/link.hpp"

namespace basin::rules {

template <Link... L>
struct Links {};

namespace detail {

// Names joined by "+", as in the text of a chain.
template <const std::string_view&... Names>
struct Joined {
  static constexpr auto text = [] {
    std::array<char, (Names.size() + ...) + sizeof...(Names) - 1> out{};
    auto to = out.begin();
    const auto add = [&](std::string_view name) {
      if (to != out.begin()) *to++ = '+';
      to = std::copy(name.begin(), name.end(), to);
    };
    (add(Names), ...);
    return out;
  }();
  static constexpr std::string_view value{text.data(), text.size()};
};

template <std::size_t... N>
constexpr auto concatenated(const std::array<std::string_view, N>&... parts) {
  std::array<std::string_view, (N + ...)> out;
  auto to = out.begin();
  ((to = std::copy(parts.begin(), parts.end(), to)), ...);
  return out;
}

template <std::size_t N>
constexpr bool all_different(std::array<std::string_view, N> names) {
  std::ranges::sort(names);
  return std::ranges::adjacent_find(names) == names.end();
}

// Formulas in sequence. Not a std::tuple, which may not be copied byte by byte.
template <class... F>
struct Row {
  auto gradient(const auto&, const auto& g) const { return g; }
  auto direction(const auto&, const auto&, const auto& u) const { return u; }
};
template <class F, class... Rest>
struct Row<F, Rest...> {
  F first;
  Row<Rest...> rest;
  auto gradient(const auto& x, const auto& g) const { return rest.gradient(x, first(x, g)); }
  auto direction(const auto& x, const auto& g, const auto& u) const {
    return rest.direction(x, g, first(x, g, u));
  }
};
constexpr Row<> row() { return {}; }
template <class F, class... Rest>
constexpr Row<F, Rest...> row(const F& first, const Rest&... rest) {
  return {first, row(rest...)};
}

template <bool moves, class F, class Before, class After>
struct Fused {
  F rule;
  Before before;
  After after;
  auto operator()(auto& x, const auto& g, auto&... slot) const {
    const auto behind = before.gradient(x, g);
    if constexpr (moves)
      rule(x, behind, slot...);
    else
      return after.direction(x, behind, rule(x, behind, slot...));
  }
};

template <class L>
concept Fusible = Elementwise<L> && !Positioned<L> && !Reducing<L>;

}  // namespace detail

// The rule is the first base, because its rate must be the first knob of a rule.
template <class R, class Before, class After>
struct Chained;
template <Rule R, Link... B, Link... A>
struct Chained<R, Links<B...>, Links<A...>> : R, B..., A... {
  static_assert(((B::place == Place::gradient) && ...),
                "a link that belongs after the rule comes before it in this chain");
  static_assert(((A::place == Place::direction) && ...),
                "a link that belongs before the rule comes after it in this chain");
  static_assert(!moves_weights<R>() || sizeof...(A) == 0,
                "the rule moves the weights itself and must come last");
  static constexpr std::string_view name = detail::Joined<B::name..., R::name, A::name...>::value;
  static constexpr std::string_view title = detail::Joined<B::title..., R::title, A::title...>::value;
  static constexpr auto knob_names = detail::concatenated(R::knob_names, B::knob_names..., A::knob_names...);
  static_assert(detail::all_different(knob_names), "a knob occurs twice in this chain");

  constexpr auto knobs() const {
    return std::tuple_cat(static_cast<const R&>(*this).knobs(), static_cast<const B&>(*this).knobs()...,
                          static_cast<const A&>(*this).knobs()...);
  }
  constexpr auto knobs() {
    return std::tuple_cat(static_cast<R&>(*this).knobs(), static_cast<B&>(*this).knobs()...,
                          static_cast<A&>(*this).knobs()...);
  }

  template <class T>
  auto at(Step t) const
    requires((detail::Fusible<B> && ...) && (detail::Fusible<A> && ...) && number_count<R>() == 0 &&
             !SummingRule<R>)
  {
    return fused<T>(t, static_cast<const R&>(*this).template at<T>(t));
  }
  template <class T>
  auto at(Step t, std::span<double> values) const
    requires((detail::Fusible<B> && ...) && (detail::Fusible<A> && ...) && number_count<R>() > 0 &&
             !SummingRule<R>)
  {
    return fused<T>(t, static_cast<const R&>(*this).template at<T>(t, values));
  }

 private:
  template <class T, class F>
  auto fused([[maybe_unused]] Step t, const F& formula) const {
    const auto before = detail::row(static_cast<const B&>(*this).template at<T>(t)...);
    const auto after = detail::row(static_cast<const A&>(*this).template at<T>(t)...);
    return detail::Fused<moves_weights<R>(), F, std::remove_const_t<decltype(before)>,
                         std::remove_const_t<decltype(after)>>{formula, before, after};
  }
};

namespace detail {

template <class Before, class... Parts>
struct Arrange;
template <class... B, class Part, class... Rest>
struct Arrange<Links<B...>, Part, Rest...> {
  using Type = Chained<Part, Links<B...>, Links<Rest...>>;
};
template <class... B, Link Part, class... Rest>
struct Arrange<Links<B...>, Part, Rest...> : Arrange<Links<B..., Part>, Rest...> {};

}  // namespace detail

template <class... Parts>
using Chain = typename detail::Arrange<Links<>, Parts...>::Type;

}  // namespace basin::rules
