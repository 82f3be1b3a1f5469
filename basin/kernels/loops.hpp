// The loops of a rule: its formula over a tile, vectorised by the compiler, once for each instruction set.
//
// One always-inlined body has three thin wrappers that differ only in their target attribute, all in one
// object file: with one object per instruction set, the linker might keep an AVX copy of an inline function
// for everybody. The body takes its pointers as a parameter pack of __restrict pointers; over an array of
// pointers it does not vectorise. Compile with the flags of basin_add_rule (cmake/BasinRule.cmake): without
// -fno-math-errno and -fno-trapping-math, half of the loops do not vectorise, and -ffp-contract=off makes
// every instruction set give the same bits.
#pragma once
#include <algorithm>
#include <cstdint>
#include <utility>

#include "basin/core/rule.hpp"
#include "basin/kernels/isa.hpp"
#include "basin/kernels/tile.hpp"

#if defined(__x86_64__)
#define BASIN_AND_PART(part) "," part
#define BASIN_TARGET_AVX2 [[gnu::target("avx2"), gnu::flatten]]
#if defined(__clang__)  // it has no vector width among its targets, and another pragma
#define BASIN_TARGET_AVX512 [[gnu::target("avx2" BASIN_AVX512_PARTS(BASIN_AND_PART)), gnu::flatten]]
#else
#define BASIN_TARGET_AVX512 \
  [[gnu::target("prefer-vector-width=512" BASIN_AVX512_PARTS(BASIN_AND_PART)), gnu::flatten]]
#endif
#else
#define BASIN_TARGET_AVX2 [[gnu::flatten]]
#define BASIN_TARGET_AVX512 [[gnu::flatten]]
#endif

// The pointers of a loop do not overlap.
#if defined(__clang__)
#define BASIN_INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#else
#define BASIN_INDEPENDENT _Pragma("GCC ivdep")
#endif

namespace basin::kernels {

// A loop works in runs of 512 bytes per stream and prefetches each run two runs ahead. The processor alone
// does not look far enough ahead, which costs 13 % of AdamW's time on 25 M weights. Shorter and longer runs
// gain less.
inline constexpr std::size_t run_bytes = 512;
template <class T>
inline constexpr std::size_t run = run_bytes / sizeof(T);

// Takes integers, because the last addresses point past the end of the tile, where the next tile usually
// begins.
[[gnu::always_inline]] inline void fetch_ahead(const void* at) {
  for (std::size_t offset = 2 * run_bytes; offset < 3 * run_bytes; offset += 64)
    __builtin_prefetch(reinterpret_cast<const void*>(reinterpret_cast<std::uintptr_t>(at) + offset), 0, 2);
}

// Does x -= lr u over n weights, with the gradient scaled. A rule that moves x itself does so.
template <class R, class F, class T, class... Slot>
[[gnu::always_inline]] inline void sweep(const F f, const T lr, const T scale, const std::size_t n,
                                         T* __restrict x, const T* __restrict g, Slot* __restrict... slot) {
  const bool far = n >= block_size;
  for (std::size_t begin = 0; begin < n; begin += run<T>) {
    if (far) fetch_ahead(x + begin), fetch_ahead(g + begin), (fetch_ahead(slot + begin), ...);
    const std::size_t end = std::min(n, begin + run<T>);
    BASIN_INDEPENDENT
    for (std::size_t i = begin; i < end; ++i) {
      if constexpr (moves_weights<R>())
        f(x[i], scale * g[i], slot[i]...);
      else
        x[i] -= lr * f(x[i], scale * g[i], slot[i]...);
    }
  }
}

// Computes only the direction u, for a driver that does more with it before x moves.
template <class F, class T, class... Slot>
[[gnu::always_inline]] inline void aim(const F f, const std::size_t n, const T* __restrict x,
                                       const T* __restrict g, T* __restrict u, Slot* __restrict... slot) {
  BASIN_INDEPENDENT
  for (std::size_t i = 0; i < n; ++i) u[i] = f(x[i], g[i], slot[i]...);
}

// Turns weights for training into weights for evaluation, or back.
template <class F, class T, class... Slot>
[[gnu::always_inline]] inline void turn(const F f, const std::size_t n, T* __restrict x,
                                        Slot* __restrict... slot) {
  BASIN_INDEPENDENT
  for (std::size_t i = 0; i < n; ++i) f(x[i], slot[i]...);
}

// Sums `terms(i)`, an array of doubles, over i < n in a fixed order, so that instruction set and split do not
// change a bit: weight i goes to lane i mod 16, and the lanes are added in halves.
template <std::size_t count, class Terms>
[[gnu::always_inline]] inline void sum_in_lanes(std::size_t n, double* sums, const Terms& terms) {
  constexpr std::size_t lanes = 16;
  std::array<std::array<double, lanes>, count> sum{};
  const std::size_t whole = n / lanes * lanes;
  for (std::size_t i = 0; i < whole; i += lanes)
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      const auto term = terms(i + lane);
      for (std::size_t k = 0; k < count; ++k) sum[k][lane] += term[k];
    }
  for (std::size_t i = whole; i < n; ++i) {
    const auto term = terms(i);
    for (std::size_t k = 0; k < count; ++k) sum[k][i - whole] += term[k];
  }
  for (std::size_t k = 0; k < count; ++k) {
    for (std::size_t half = lanes / 2; half > 0; half /= 2)
      for (std::size_t lane = 0; lane < half; ++lane) sum[k][lane] += sum[k][lane + half];
    sums[k] = sum[k][0];
  }
}

// One loop for each instruction set with the same signature: Body::run, always inlined, in three wrappers.
template <class Body, class Signature>
struct PerIsa;
template <class Body, class... A>
struct PerIsa<Body, void(A...)> {
  [[gnu::flatten]] static void baseline(A... a) { Body::run(a...); }
  BASIN_TARGET_AVX2 static void avx2(A... a) { Body::run(a...); }
  BASIN_TARGET_AVX512 static void avx512(A... a) { Body::run(a...); }
  static constexpr std::array<void (*)(A...), isas.size()> table{&baseline, &avx2, &avx512};
};

template <class R, class T>
using FormulaOf = decltype(scalars_at<T>(std::declval<const R&>(), Step{1}, std::span<double>{}));

// The rule whose loops serve R: R itself, or the rule that it names as having its formula. A chain with such
// a rule has its own formula.
template <class R, class T>
struct LoopsOf {
  using Type = R;
};
template <class R, class T>
  requires std::is_same_v<FormulaOf<R, T>, FormulaOf<typename R::Loops, T>>
struct LoopsOf<R, T> {
  using Type = typename R::Loops;
  static_assert(R::slots.size() == Type::slots.size() && moves_weights<R>() == moves_weights<Type>());
};

template <Rule R, class T>
struct SweepBody {
  [[gnu::always_inline]] static inline void run(const void* formula, T lr, T scale, const Tile<T>& tile) {
    [&]<std::size_t... I>(std::index_sequence<I...>) __attribute__((always_inline)) {
      sweep<R>(*static_cast<const FormulaOf<R, T>*>(formula), lr, scale, tile.size, tile.weight,
               tile.gradient, tile.slots[I]...);
    }(std::make_index_sequence<R::slots.size()>());
  }
};

template <Rule R, class T>
struct AimBody {
  [[gnu::always_inline]] static inline void run(const void* formula, const Tile<T>& tile, T* u) {
    [&]<std::size_t... I>(std::index_sequence<I...>) __attribute__((always_inline)) {
      aim(*static_cast<const FormulaOf<R, T>*>(formula), tile.size, tile.weight, tile.gradient, u,
          tile.slots[I]...);
    }(std::make_index_sequence<R::slots.size()>());
  }
};

// The terms that a rule sums.
template <class R>
using TermsOf = decltype(std::declval<const R&>().terms(Step{1}, std::span<const double>{}));

template <class R, std::size_t... I>
constexpr std::size_t count_terms(std::index_sequence<I...>) {
  return std::invoke_result_t<TermsOf<R>, const double&, const double&,
                              decltype((static_cast<void>(I), std::declval<const double&>()))...>{}
      .size();
}
template <Rule R>
constexpr std::size_t terms_of_rule() {
  if constexpr (SummingRule<R>)
    return count_terms<R>(std::make_index_sequence<R::slots.size()>());
  else
    return 0;
}

template <Rule R, class T>
struct RuleSumBody {
  [[gnu::always_inline]] static inline void run(const void* terms, const Tile<T>& tile, double* sums) {
    [&]<std::size_t... I>(std::index_sequence<I...>) __attribute__((always_inline)) {
      const TermsOf<R> f = *static_cast<const TermsOf<R>*>(terms);
      sum_in_lanes<terms_of_rule<R>()>(tile.size, sums, [&](std::size_t i) __attribute__((always_inline)) {
        return f(static_cast<double>(tile.weight[i]), static_cast<double>(tile.gradient[i]),
                 static_cast<double>(tile.slots[I][i])...);
      });
    }(std::make_index_sequence<R::slots.size()>());
  }
};

template <Rule R, class T>
struct TurnBody {
  [[gnu::always_inline]] static inline void run(const void* formula, const Tile<T>& tile) {
    [&]<std::size_t... I>(std::index_sequence<I...>) __attribute__((always_inline)) {
      turn(*static_cast<const typename R::template Switch<T>*>(formula), tile.size, tile.weight,
           tile.slots[I]...);
    }(std::make_index_sequence<R::slots.size()>());
  }
};

}  // namespace basin::kernels
