// The numbers of formulas when weights are tensors, wherever libtorch computes: for what is not part of a GPU
// kernel (gpu_step.hpp), and on other devices.
//
// A Value is a result: copies share it, and nothing changes it. A Cell is a tensor that the formula may
// change, a slot or the weights: assigning writes into it, and copying takes its current contents, so that `m
// = a * m + d` and `prev = g` mean what they mean for a float. Scalars are double; libtorch narrows them to
// the tensor's type, as `narrow` does.
//
// Cost  one pass over memory for each operation
#pragma once
#include <ATen/ATen.h>

namespace basin::optim {

struct Value {
  at::Tensor tensor;
};

// The result of a comparison, weight by weight, and the type of the numbers compared.
struct Mask {
  at::Tensor tensor;
  at::ScalarType type;
};

struct Cell : Value {
  explicit Cell(at::Tensor t) : Value{std::move(t)} {}
  Cell(const Cell& other) : Value{other.tensor.clone()} {}
  Cell& operator=(const Cell& other) { return *this = static_cast<const Value&>(other); }
  Cell& operator=(const Value& v) { return tensor.copy_(v.tensor), *this; }
  Cell& operator+=(const Value& v) { return tensor.add_(v.tensor), *this; }
  Cell& operator-=(const Value& v) { return tensor.sub_(v.tensor), *this; }
  Cell& operator*=(const Value& v) { return tensor.mul_(v.tensor), *this; }
};

inline Value operator+(const Value& a, const Value& b) { return {a.tensor + b.tensor}; }
inline Value operator+(const Value& a, double b) { return {a.tensor + b}; }
inline Value operator+(double a, const Value& b) { return {b.tensor + a}; }
inline Value operator-(const Value& a, const Value& b) { return {a.tensor - b.tensor}; }
inline Value operator-(const Value& a, double b) { return {a.tensor - b}; }
inline Value operator-(double a, const Value& b) { return {a - b.tensor}; }
inline Value operator*(const Value& a, const Value& b) { return {a.tensor * b.tensor}; }
inline Value operator*(const Value& a, double b) { return {a.tensor * b}; }
inline Value operator*(double a, const Value& b) { return {b.tensor * a}; }
inline Value operator/(const Value& a, const Value& b) { return {a.tensor / b.tensor}; }
// Not a.tensor / b, which on some devices multiplies by the reciprocal and rounds differently.
inline Value operator/(const Value& a, double b) { return {a.tensor / at::full({}, b, a.tensor.options())}; }
inline Value operator/(double a, const Value& b) { return {a / b.tensor}; }
inline Value operator-(const Value& v) { return {-v.tensor}; }

inline Mask operator>(const Value& a, double b) { return {a.tensor > b, a.tensor.scalar_type()}; }
inline Mask operator<(const Value& a, double b) { return {a.tensor < b, a.tensor.scalar_type()}; }
inline Mask operator==(const Value& a, double b) { return {a.tensor == b, a.tensor.scalar_type()}; }

inline Value sqrt(const Value& v) { return {v.tensor.sqrt()}; }
inline Value abs(const Value& v) { return {v.tensor.abs()}; }
inline Value sign(const Value& v) { return {at::where(v.tensor != v.tensor, v.tensor, v.tensor.sign())}; }
inline Value max(const Value& a, const Value& b) { return {at::maximum(a.tensor, b.tensor)}; }
inline Value max(const Value& a, double b) { return {a.tensor.clamp_min(b)}; }
inline Value min(const Value& a, const Value& b) { return {at::minimum(a.tensor, b.tensor)}; }
inline Value min(const Value& a, double b) { return {a.tensor.clamp_max(b)}; }
inline Value select(const Mask& m, const Value& yes, const Value& no) {
  return {at::where(m.tensor, yes.tensor, no.tensor)};
}
inline Value select(const Mask& m, double yes, const Value& no) {
  return {at::where(m.tensor, at::full({}, yes, no.tensor.options()), no.tensor)};
}
inline Value select(const Mask& m, double yes, double no) {
  const auto options = m.tensor.options().dtype(m.type);
  return {at::where(m.tensor, at::full({}, yes, options), at::full({}, no, options))};
}
inline Value select(bool condition, const Value& yes, const Value& no) { return condition ? yes : no; }

}  // namespace basin::optim
