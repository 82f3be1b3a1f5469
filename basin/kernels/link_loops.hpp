// The loops of a link: its formula over a block, and its sums.
#pragma once
#include "basin/kernels/link_table.hpp"
#include "basin/kernels/loops.hpp"

namespace basin::kernels {

template <class F, class T>
[[gnu::always_inline]] inline void change_gradient(const F f, std::size_t n, const T* __restrict x,
                                                   T* __restrict g) {
  BASIN_INDEPENDENT
  for (std::size_t i = 0; i < n; ++i) g[i] = f(x[i], g[i]);
}

template <class F, class T>
[[gnu::always_inline]] inline void change_direction(const F f, std::size_t n, const T* __restrict x,
                                                    const T* __restrict g, T* __restrict u) {
  BASIN_INDEPENDENT
  for (std::size_t i = 0; i < n; ++i) u[i] = f(x[i], g[i], u[i]);
}

// Applies a formula that also needs the position of the weight: noise.
template <class F, class T>
[[gnu::always_inline]] inline void change_gradient_at(const F f, std::size_t n, std::uint64_t first,
                                                      const T* x, T* g) {
  for (std::size_t i = 0; i < n; ++i) g[i] = f(x[i], g[i], first + i);
}

// The formula of a link that only scales.
template <class T>
struct Multiply {
  T factor;
  T operator()(const T&, const T& g) const { return g * factor; }
  T operator()(const T&, const T&, const T& u) const { return u * factor; }
};

template <Link L, class T>
struct ApplyBody {
  template <class F>
  [[gnu::always_inline]] static inline void with(const F& f, const LinkTile<T>& tile) {
    if constexpr (L::place == Place::direction)
      change_direction(f, tile.size, tile.weight, static_cast<const T*>(tile.gradient), tile.direction);
    else if constexpr (Positioned<L>)
      change_gradient_at(f, tile.size, tile.first, tile.weight, tile.gradient);
    else
      change_gradient(f, tile.size, tile.weight, tile.gradient);
  }
  [[gnu::always_inline]] static inline void run(const void* scalars, const LinkTile<T>& tile) {
    with(*static_cast<const typename L::template Formula<T>*>(scalars), tile);
  }
};

template <Link L, class T>
  requires Scaling<L>
struct ApplyBody<L, T> {
  [[gnu::always_inline]] static inline void run(const void* scalars, const LinkTile<T>& tile) {
    const Multiply<T> f = *static_cast<const Multiply<T>*>(scalars);
    if constexpr (L::place == Place::direction)
      change_direction(f, tile.size, tile.weight, static_cast<const T*>(tile.gradient), tile.direction);
    else
      change_gradient(f, tile.size, tile.weight, tile.gradient);
  }
};

template <Link L>
constexpr std::size_t terms_of() {
  if constexpr (!Reducing<L>)
    return 0;
  else if constexpr (L::place == Place::direction)
    return decltype(L::terms(0.0, 0.0, 0.0)){}.size();
  else
    return decltype(L::terms(0.0, 0.0)){}.size();
}

template <Link L, class T>
struct SumBody {
  [[gnu::always_inline]] static inline void run(const LinkTile<T>& tile, double* sums) {
    sum_in_lanes<terms_of<L>()>(tile.size, sums, [&](std::size_t i) __attribute__((always_inline)) {
      if constexpr (L::place == Place::direction)
        return L::terms(static_cast<double>(tile.weight[i]), static_cast<double>(tile.gradient[i]),
                        static_cast<double>(tile.direction[i]));
      else
        return L::terms(static_cast<double>(tile.weight[i]), static_cast<double>(tile.gradient[i]));
    });
  }
};

}  // namespace basin::kernels
