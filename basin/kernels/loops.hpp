// The loops of one rule: its formula over a tile, vectorised by the compiler, once per instruction set.
//
// One always-inlined body stands behind three thin wrappers that differ in their target attribute alone, all in one
// object file: with an object per instruction set the linker may keep an AVX copy of an inline function for everybody.
// The body's pointers are a parameter pack of __restrict pointers; over an array of pointers it does not vectorise.
// Compile with basin_add_rule's flags (cmake/BasinRule.cmake): without -fno-math-errno and -fno-trapping-math half of
// the loops do not vectorise, and -ffp-contract=off is what makes every instruction set give the same bits.
#pragma once
#include <utility>

#include "basin/core/rule.hpp"
#include "basin/kernels/isa.hpp"
#include "basin/kernels/tile.hpp"

#if defined(__x86_64__)
#define BASIN_TARGET_AVX2 [[gnu::target("avx2"), gnu::flatten]]
#define BASIN_TARGET_AVX512 [[gnu::target("avx512f,avx512vl,avx512dq,prefer-vector-width=512"), gnu::flatten]]
#else
#define BASIN_TARGET_AVX2 [[gnu::flatten]]
#define BASIN_TARGET_AVX512 [[gnu::flatten]]
#endif

namespace basin::kernels {

// x -= lr u over n weights.
template <class F, class T, class... Slot>
[[gnu::always_inline]] inline void sweep(const F f, const T lr, const std::size_t n, T* __restrict x,
                                         const T* __restrict g, Slot* __restrict... slot) {
#pragma GCC ivdep
  for (std::size_t i = 0; i < n; ++i) x[i] -= lr * f(x[i], g[i], slot[i]...);
}

template <Rule R, class T>
struct Loops {
  using Formula = decltype(std::declval<const R&>().template at<T>(Step{1}));

  [[gnu::always_inline]] static inline void body(const void* formula, T lr, const Tile<T>& tile) {
    [&]<std::size_t... I>(std::index_sequence<I...>) __attribute__((always_inline)) {
      sweep(*static_cast<const Formula*>(formula), lr, tile.size, tile.weight, tile.gradient, tile.slots[I]...);
    }(std::make_index_sequence<R::slots.size()>());
  }
  [[gnu::flatten]] static void baseline(const void* formula, T lr, const Tile<T>& tile) { body(formula, lr, tile); }
  BASIN_TARGET_AVX2 static void avx2(const void* formula, T lr, const Tile<T>& tile) { body(formula, lr, tile); }
  BASIN_TARGET_AVX512 static void avx512(const void* formula, T lr, const Tile<T>& tile) { body(formula, lr, tile); }
};

}  // namespace basin::kernels
