// A formula as source text, for kernels that are compiled while the program runs, for a GPU. Each operation
// that a formula applies to a Written becomes a statement of the kernel, in the same order. The kernel
// therefore computes what the loops compute, to the bit, if its compiler does not contract products and sums
// and flushes subnormal numbers.
//
// A Written is the name of a number in the kernel: a copy names the same number, and an assignment gives it
// another. Constructed from a double, it is a scalar of the step while a rule is asked for its scalars, and a
// literal inside its formula.
#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "basin/core/link.hpp"
#include "basin/core/rule.hpp"

namespace basin::kernels {

class Source;

class Written {
 public:
  // The result of a comparison: 1 or 0 as a number.
  struct Mask {
    std::string text;
  };
  Written(double value);              // NOLINT(google-explicit-constructor): formulas write 0 * g
  explicit Written(const Mask& mask)  // R(g > 0)
      : Written(select(mask, 1, 0)) {}
  static Written named(std::string name) { return Written(std::move(name), 0); }
  const std::string& text() const { return text_; }

  Written& operator+=(const Written& v) { return *this = *this + v; }
  Written& operator-=(const Written& v) { return *this = *this - v; }
  Written& operator*=(const Written& v) { return *this = *this * v; }
  friend Written operator+(const Written& a, const Written& b) { return binary(a, " + ", b); }
  friend Written operator-(const Written& a, const Written& b) { return binary(a, " - ", b); }
  friend Written operator*(const Written& a, const Written& b) { return binary(a, " * ", b); }
  friend Written operator/(const Written& a, const Written& b) { return binary(a, " / ", b); }
  friend Written operator-(const Written& v) { return call("-", v); }

  friend Mask operator>(const Written& a, const Written& b) { return compared(a, " > ", b); }
  friend Mask operator<(const Written& a, const Written& b) { return compared(a, " < ", b); }
  friend Mask operator==(const Written& a, const Written& b) { return compared(a, " == ", b); }

  friend Written sqrt(const Written& v) { return call("root", v); }
  friend Written abs(const Written& v) { return call("size", v); }
  friend Written sign(const Written& v) { return call("sign", v); }
  friend Written max(const Written& a, const Written& b) { return call("larger", a, b); }
  friend Written min(const Written& a, const Written& b) { return call("smaller", a, b); }
  friend Written select(const Mask& m, const Written& yes, const Written& no) {
    return stated(m.text + " ? " + yes.text_ + " : " + no.text_);
  }

 private:
  Written(std::string name, int) : text_(std::move(name)) {}
  static Written stated(const std::string& expression);  // const T v7 = expression;
  static Written binary(const Written& a, const char* operation, const Written& b) {
    return stated(a.text_ + operation + b.text_);
  }
  static Mask compared(const Written& a, const char* operation, const Written& b) {
    return {a.text_ + operation + b.text_};
  }
  template <class... W>
  static Written call(const char* function, const Written& first, const W&... rest) {
    std::string expression = std::string(function).append("(").append(first.text_);
    (expression.append(", ").append(rest.text_), ...);
    return stated(expression.append(")"));
  }

  std::string text_;
};

// One step of a chain for one weight, while it is being written.
class Source {
 public:
  // For a kernel that is already compiled, only the scalars of a step are needed.
  enum class Wanted { scalars, everything };
  Source(std::size_t slots, Wanted wanted);

  Written x = Written::named("x"), g = Written::named("g"), u = Written::named("u");
  std::vector<Written> slots;
  std::vector<double> scalars;  // of this step, in the order in which the kernel names them

  // While it lives, Written numbers of this thread are recorded in `source`.
  class Writing {
   public:
    explicit Writing(Source& source);
    ~Writing();
    Writing(const Writing&) = delete;
    Writing& operator=(const Writing&) = delete;

   private:
    Source* before_;
  };

  // Calls f with the scalars from `ask`, unless only the scalars are wanted.
  template <class Ask, class F>
  void write(const Ask& ask, const F& f) {
    const Writing writing(*this);
    asking_ = true;
    const auto formula = ask();
    asking_ = false;
    if (wanted_ == Wanted::everything) f(formula);
  }

  // Returns the kernel of everything written: `step(n, x, g, slot..., scalars)`, over numbers of `type`,
  // "float" or "double", for a CUDA C++ compiler. Slots that do not change are not written to.
  std::string kernel(const std::string& type) const;

 private:
  friend class Written;
  std::string statements_;
  std::size_t stated_ = 0;
  bool asking_ = false;
  Wanted wanted_;
};

// Writes how a rule changes x, or computes u, at step t.
template <Rule R>
void write_rule(const R& rule, Step t, std::span<double> numbers, const Sums& sums, Source& source) {
  source.write([&] { return scalars_at<Written>(rule, t, numbers, sums); },
               [&](const auto& formula) {
                 [&]<std::size_t... I>(std::index_sequence<I...>) {
                   if constexpr (moves_weights<R>())
                     formula(source.x, std::as_const(source.g), source.slots[I]...);
                   else
                     source.u = formula(std::as_const(source.x), std::as_const(source.g), source.slots[I]...);
                 }(std::make_index_sequence<R::slots.size()>());
               });
}

// Writes how a link changes g, or u.
template <class L>
void write_link(const L& link, Step t, Source& source) {
  source.write([&] { return link.template at<Written>(t); },
               [&](const auto& formula) {
                 if constexpr (L::place == Place::direction)
                   source.u = formula(source.x, source.g, std::as_const(source.u));
                 else
                   source.g = formula(source.x, std::as_const(source.g));
               });
}

}  // namespace basin::kernels
