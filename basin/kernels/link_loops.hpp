// The loops of a link: its formula over a block, and the sums that it asks for.
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

// A formula that also asks for the position of the weight: noise.
template <class F, class T>
[[gnu::always_inline]] inline void change_gradient_at(const F f, std::size_t n, std::uint64_t first,
                                                      const T* x, T* g) {
  for (std::size_t i = 0; i < n; ++i) g[i] = f(x[i], g[i], first + i);
}

// What a link multiplies by, where that is all it does.
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

// Sums over a block in a fixed order, so that no instruction set and no split changes a bit: weight i goes to lane
// i mod 16, lanes are added in halves.
template <Link L, class T>
struct SumBody {
  static constexpr std::size_t lanes = 16;
  [[gnu::always_inline]] static inline auto terms(const LinkTile<T>& tile, std::size_t i) {
    if constexpr (L::place == Place::direction)
      return L::terms(static_cast<double>(tile.weight[i]), static_cast<double>(tile.gradient[i]),
                      static_cast<double>(tile.direction[i]));
    else
      return L::terms(static_cast<double>(tile.weight[i]), static_cast<double>(tile.gradient[i]));
  }
  [[gnu::always_inline]] static inline void run(const LinkTile<T>& tile, double* sums) {
    constexpr std::size_t count = terms_of<L>();
    std::array<std::array<double, lanes>, count> sum{};
    const std::size_t whole = tile.size / lanes * lanes;
    for (std::size_t i = 0; i < whole; i += lanes)
      for (std::size_t lane = 0; lane < lanes; ++lane) {
        const auto term = terms(tile, i + lane);
        for (std::size_t k = 0; k < count; ++k) sum[k][lane] += term[k];
      }
    for (std::size_t i = whole; i < tile.size; ++i) {
      const auto term = terms(tile, i);
      for (std::size_t k = 0; k < count; ++k) sum[k][i - whole] += term[k];
    }
    for (std::size_t k = 0; k < count; ++k) {
      for (std::size_t half = lanes / 2; half > 0; half /= 2)
        for (std::size_t lane = 0; lane < half; ++lane) sum[k][lane] += sum[k][lane + half];
      sums[k] = sum[k][0];
    }
  }
};

}  // namespace basin::kernels
