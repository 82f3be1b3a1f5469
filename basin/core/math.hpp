// The functions for writing formulas. They are free functions, so that one formula works on a float in a
// vectorised loop, a double, and a tensor on any device (argument-dependent lookup finds the tensor's own).
#pragma once
#include <concepts>

namespace basin {

template <class T>
concept Number = std::floating_point<T>;

inline float sqrt(float v) { return __builtin_sqrtf(v); }
inline double sqrt(double v) { return __builtin_sqrt(v); }
constexpr float abs(float v) { return __builtin_fabsf(v); }
constexpr double abs(double v) { return __builtin_fabs(v); }

// Propagates a NaN on either side, as torch.maximum does. The test is on `b`, which is mostly a constant:
// with a test on `a`, g++ 12 does not vectorise min(max(v, low), high).
template <Number T>
constexpr T max(T a, T b) {
  return a <= b || b != b ? b : a;
}
template <Number T>
constexpr T min(T a, T b) {
  return a >= b || b != b ? b : a;
}
constexpr float copysign(float size, float sign) { return __builtin_copysignf(size, sign); }
constexpr double copysign(double size, double sign) { return __builtin_copysign(size, sign); }
// -1, 0 or 1. Propagates NaN, so that it shows in the weights. With a second comparison, g++ 14 turns Rprop's
// signs into branches and does not vectorise them.
template <Number T>
constexpr T sign(T v) {
  return abs(v) > 0 ? copysign(T{1}, v) : v;
}
template <Number T>
constexpr T select(bool condition, T yes, T no) {
  return condition ? yes : no;
}

// The scalars of one step, computed in double and narrowed to the type of the loop.
template <class R, template <class> class Formula, class... D>
constexpr Formula<R> narrow(D... scalars) {
  return {static_cast<R>(scalars)...};
}

}  // namespace basin
