// The functions that formulas are written with. Free functions, so that one formula serves a float in a vectorised
// loop, a double, and a tensor on any device (argument-dependent lookup finds the tensor's own).
#pragma once

namespace basin {

inline float sqrt(float v) { return __builtin_sqrtf(v); }
inline double sqrt(double v) { return __builtin_sqrt(v); }
inline float abs(float v) { return __builtin_fabsf(v); }
inline double abs(double v) { return __builtin_fabs(v); }

// A NaN in `a` is kept, as in torch.maximum; a NaN in `b` is kept, too.
template <class T>
constexpr T max(T a, T b) {
  return a > b || a != a ? a : b;
}
template <class T>
constexpr T min(T a, T b) {
  return a < b || a != a ? a : b;
}
// -1, 0 or 1; a NaN stays one, so that it is seen in the weights.
template <class T>
constexpr T sign(T v) {
  return v > 0 ? T{1} : v < 0 ? T{-1} : v;
}
template <class T>
constexpr T select(bool condition, T yes, T no) {
  return condition ? yes : no;
}

// The scalars of one step: computed in double, then narrowed to what the loop computes in.
template <class R, template <class> class Formula, class... D>
constexpr Formula<R> narrow(D... scalars) {
  return {static_cast<R>(scalars)...};
}

}  // namespace basin
