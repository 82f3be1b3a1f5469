// One tensor as a matrix, for rules with state per row or column (MatrixRule). Each call is one pass.
//
//   at.gather_means(f)      computes f(x, g, slot...) for every weight and keeps its mean over each row and
//                           each column; f may change the slots that have a value per weight
//   at.gather_maxima(f)     keeps the maximum instead, for values of 0 or more
//   at.follow<I>(take)      slot = (1 - take) slot + take mean, for slot I, which has rows or columns
//   at.take<I>()            sets slot I to what was gathered
//   at.mean_of<I>()         returns the mean of slot I itself
//   at.mean(f)              returns the mean of f over all weights
//   at.direct(f)            sets the direction u of every weight to f(x, g, slot...); no later pass uses x
//   at.one_row()            returns whether the tensor has fewer than two dimensions
//
// Values are computed in the type of the weights. Sums are taken in double, in a fixed order. Included by
// compile.hpp.
#pragma once
#include "basin/kernels/loops.hpp"

namespace basin::kernels {

// A slot along one row, as a formula sees it: one value, or one per column.
template <class T>
struct Still {
  T value;
  const T& operator[](std::size_t) const { return value; }
};

// Evaluates `out[j] = f(...)` over part of a row that stays in a first-level cache.
template <class F, class T, class... Slot>
[[gnu::always_inline]] inline void evaluate(const F f, const T scale, const std::size_t n,
                                            const T* __restrict x, const T* __restrict g, T* __restrict out,
                                            Slot... slot) {
  BASIN_INDEPENDENT
  for (std::size_t j = 0; j < n; ++j) out[j] = f(x[j], scale * g[j], slot[j]...);
}
template <class F, class T, class... Slot>
[[gnu::always_inline]] inline void descend_along(const F f, const T lr, const T scale, const std::size_t n,
                                                 T* __restrict x, const T* __restrict g, Slot... slot) {
  BASIN_INDEPENDENT
  for (std::size_t j = 0; j < n; ++j) x[j] -= lr * f(x[j], scale * g[j], slot[j]...);
}
// Turns the gradient into the direction, in place.
template <class F, class T, class... Slot>
[[gnu::always_inline]] inline void aim_along(const F f, const std::size_t n, const T* __restrict x,
                                             T* __restrict u, Slot... slot) {
  BASIN_INDEPENDENT
  for (std::size_t j = 0; j < n; ++j) u[j] = f(x[j], u[j], slot[j]...);
}

template <class R, class T>
class Matrix {
 public:
  using Number = T;
  explicit Matrix(const MatrixTile<T>& at) : at_(at) {}
  bool one_row() const { return at_.one_row; }

  template <class F>
  [[gnu::always_inline]] void gather_means(const F& f) {
    std::fill_n(at_.gathered, at_.rows + at_.columns, 0.0);
    evaluate_all(f, [this](std::size_t row, std::size_t begin, std::size_t n, const T* values) {
      double* const column = columns() + begin;
      for (std::size_t j = 0; j < n; ++j) column[j] += static_cast<double>(values[j]);
      at_.gathered[row] += sum(n, values);
    });
    for (std::size_t i = 0; i < at_.rows; ++i) at_.gathered[i] /= static_cast<double>(at_.columns);
    for (std::size_t j = 0; j < at_.columns; ++j) columns()[j] /= static_cast<double>(at_.rows);
  }

  template <class F>
  [[gnu::always_inline]] void gather_maxima(const F& f) {
    std::fill_n(at_.gathered, at_.rows + at_.columns, 0.0);
    evaluate_all(f, [this](std::size_t row, std::size_t begin, std::size_t n, const T* values) {
      double* const column = columns() + begin;
      for (std::size_t j = 0; j < n; ++j) column[j] = max(column[j], static_cast<double>(values[j]));
      at_.gathered[row] = max(at_.gathered[row], largest(n, values));
    });
  }

  template <std::size_t I>
  [[gnu::always_inline]] void follow(double take) {
    T* const slot = at_.tile.slots[I];
    const double* const mean = gathered<I>();
    const T keep = static_cast<T>(1 - take), c = static_cast<T>(take);
    for (std::size_t i = 0; i < length<I>(); ++i) slot[i] = keep * slot[i] + c * static_cast<T>(mean[i]);
  }
  template <std::size_t I>
  [[gnu::always_inline]] void take() {
    for (std::size_t i = 0; i < length<I>(); ++i) at_.tile.slots[I][i] = static_cast<T>(gathered<I>()[i]);
  }
  template <std::size_t I>
  [[gnu::always_inline]] double mean_of() const {
    return sum(length<I>(), at_.tile.slots[I]) / static_cast<double>(length<I>());
  }

  template <class F>
  [[gnu::always_inline]] double mean(const F& f) {
    double total = 0;
    evaluate_all(f,
                 [&](std::size_t, std::size_t, std::size_t n, const T* values) { total += sum(n, values); });
    return total / static_cast<double>(at_.rows * at_.columns);
  }

  template <class F>
  [[gnu::always_inline]] void direct(const F& f) {
    for (std::size_t row = 0; row < at_.rows; ++row)
      with_slots(row, 0, [&](std::size_t offset, auto... slot) __attribute__((always_inline)) {
        T* const x = at_.tile.weight + offset;
        if (at_.direction)
          aim_along(f, at_.columns, x, at_.direction + offset, slot...);
        else
          descend_along(f, at_.lr, at_.scale, at_.columns, x, at_.tile.gradient + offset, slot...);
      });
  }

 private:
  double* columns() const { return at_.gathered + at_.rows; }
  template <std::size_t I>
  static constexpr bool of_rows = R::extents[I] == Extent::row;
  template <std::size_t I>
  std::size_t length() const {
    static_assert(R::extents[I] != Extent::weight, "this slot has a value for every weight");
    return of_rows<I> ? at_.rows : at_.columns;
  }
  template <std::size_t I>
  const double* gathered() const {
    return of_rows<I> ? at_.gathered : columns();
  }

  [[gnu::always_inline]] static double sum(std::size_t n, const T* values) {
    double total = 0;
    for (std::size_t begin = 0; begin < n; begin += block_size) {
      double part = 0;
      sum_in_lanes<1>(std::min(block_size, n - begin), &part,
                      [&](std::size_t i) { return std::array{static_cast<double>(values[begin + i])}; });
      total += part;
    }
    return total;
  }
  [[gnu::always_inline]] static double largest(std::size_t n, const T* values) {
    constexpr std::size_t lanes = 16;
    const std::size_t whole = n / lanes * lanes;
    std::array<T, lanes> most{};
    for (std::size_t i = 0; i < whole; i += lanes)
      for (std::size_t lane = 0; lane < lanes; ++lane) most[lane] = max(most[lane], values[i + lane]);
    for (std::size_t i = whole; i < n; ++i) most[i - whole] = max(most[i - whole], values[i]);
    T out{};
    for (const T value : most) out = max(out, value);
    return static_cast<double>(out);
  }

  // Returns slot I from the weight at `offset` on, which is in `row`, column `begin`.
  template <std::size_t I>
  [[gnu::always_inline]] auto slot_along(std::size_t row, std::size_t begin, std::size_t offset) const {
    T* const slot = at_.tile.slots[I];
    if constexpr (R::extents[I] == Extent::row)
      return Still<T>{slot[row]};
    else if constexpr (R::extents[I] == Extent::column)
      return static_cast<const T*>(slot + begin);
    else
      return slot + offset;
  }
  template <class Body>
  [[gnu::always_inline]] void with_slots(std::size_t row, std::size_t begin, const Body& body) const {
    const std::size_t offset = row * at_.columns + begin;
    [&]<std::size_t... I>(std::index_sequence<I...>) __attribute__((always_inline)) {
      body(offset, slot_along<I>(row, begin, offset)...);
    }(std::make_index_sequence<R::slots.size()>());
  }
  // Calls visit(row, first column, count, values) for each block.
  template <class F, class Visit>
  [[gnu::always_inline]] void evaluate_all(const F& f, const Visit& visit) const {
    std::array<T, block_size> values;
    for (std::size_t row = 0; row < at_.rows; ++row)
      for (std::size_t begin = 0; begin < at_.columns; begin += block_size) {
        const std::size_t n = std::min(block_size, at_.columns - begin);
        with_slots(row, begin, [&](std::size_t offset, auto... slot) __attribute__((always_inline)) {
          const T* const g = at_.direction ? at_.direction : at_.tile.gradient;
          evaluate(f, at_.scale, n, at_.tile.weight + offset, g + offset, values.data(), slot...);
        });
        visit(row, begin, n, values.data());
      }
  }

  const MatrixTile<T>& at_;
};

}  // namespace basin::kernels
