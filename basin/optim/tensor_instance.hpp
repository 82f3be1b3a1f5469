// Compiles the tensor instance of a rule or a link, and registers it.
//
//   static const bool known = basin::optim::with_tensors<MyRule>();       for a rule compiled by
//                                                                         basin_add_rule
#pragma once
#include <vector>

#include "basin/kernels/chain.hpp"
#include "basin/optim/tensor_matrix.hpp"
#include "basin/optim/tensor_step.hpp"
#include "basin/optim/tensor_value.hpp"

namespace basin::optim {

struct TensorRule {
  // u; or nothing, for a rule that moves the weights itself.
  Value (*aim)(const kernels::KnobArray& settings, const TensorLeaf& leaf, const Value& gradient,
               const Sums& sums);
  // What is to be summed, weight by weight, by a rule at step t with these numbers; null for a rule without
  // sums.
  std::vector<Value> (*terms)(const kernels::KnobArray& settings, Step t, std::span<const double> numbers,
                              const TensorLeaf& leaf, const Value& gradient);
  void (*turn)(const kernels::KnobArray& settings, Mode to,
               const TensorLeaf& leaf);  // null without two points
};

struct TensorLink {
  // Returns the terms that the link sums, weight by weight; empty for a link without sums.
  std::vector<Value> (*terms)(const Value& x, const Value& g, const Value& u);
  // The gradient, or the direction, behind the link.
  Value (*apply)(const kernels::KnobArray& settings, const TensorLeaf& leaf, const Sums& sums, const Value& x,
                 const Value& g, const Value& u);
};

namespace detail {

template <class R>
R rule_of(const kernels::KnobArray& settings) {
  std::array<double, R::knob_names.size()> values;
  std::copy_n(settings.begin(), values.size(), values.begin());
  return std::bit_cast<R>(values);
}

// Calls f with x and as many slots as R has.
template <class R, class F>
auto with_slots(const TensorLeaf& leaf, F&& f) {
  return [&]<std::size_t... I>(std::index_sequence<I...>) {
    Cell x(leaf.weight);
    std::array<Cell, R::slots.size()> slots{Cell(leaf.slots[I])...};
    return f(x, slots[I]...);
  }(std::make_index_sequence<R::slots.size()>());
}

template <class R>
Value aim(const kernels::KnobArray& settings, const TensorLeaf& leaf, const Value& gradient,
          const Sums& sums) {
  if constexpr (MatrixRule<R>) {
    TensorMatrix<R> at(leaf, gradient);
    rule_of<R>(settings).step(at, leaf.step);
    return at.direction();
  } else {
    const auto formula = scalars_at<double>(rule_of<R>(settings), leaf.step, leaf.numbers, sums);
    return with_slots<R>(leaf, [&](Cell& x, auto&... slot) -> Value {
      if constexpr (moves_weights<R>())
        return formula(x, gradient, slot...), Value{};
      else
        return formula(static_cast<const Value&>(x), gradient, slot...);
    });
  }
}

template <class R>
std::vector<Value> rule_terms(const kernels::KnobArray& settings, Step t, std::span<const double> numbers,
                              const TensorLeaf& leaf, const Value& gradient) {
  const auto f = rule_of<R>(settings).terms(t, numbers);
  return with_slots<R>(leaf, [&](Cell& x, auto&... slot) {
    const auto values = f(static_cast<const Value&>(x), gradient, std::as_const(slot)...);
    return std::vector<Value>(values.begin(), values.end());
  });
}

template <class R>
void turn(const kernels::KnobArray& settings, Mode to, const TensorLeaf& leaf) {
  const R rule = rule_of<R>(settings);
  with_slots<R>(leaf, [&](Cell& x, auto&... slot) {
    if (to == Mode::eval)
      rule.template to_eval<double>()(x, slot...);
    else
      rule.template to_train<double>()(x, slot...);
  });
}

template <class L>
std::vector<Value> terms(const Value& x, const Value& g, const Value& u) {
  const auto listed = [](const auto& values) { return std::vector<Value>(values.begin(), values.end()); };
  if constexpr (!Reducing<L>)
    return {};
  else if constexpr (L::place == basin::Place::direction)
    return listed(L::terms(x, g, u));
  else
    return listed(L::terms(x, g));
}

// Links that need positions compute their numbers on the CPU, one by one, in the order of the weights in
// memory.
template <class Formula>
Value at_positions(const Formula& formula, const Value& x, const Value& g) {
  at::Tensor out = at::empty_like(x.tensor, x.tensor.options().device(at::kCPU).dtype(at::kDouble));
  out.copy_(g.tensor);
  auto* const values = out.data_ptr<double>();
  for (std::int64_t i = 0; i < out.numel(); ++i)
    values[i] = formula(0.0, values[i], static_cast<std::uint64_t>(i));
  return {out.to(g.tensor.options())};
}

template <class L>
Value apply(const kernels::KnobArray& settings, const TensorLeaf& leaf, const Sums& sums, const Value& x,
            const Value& g, const Value& u) {
  const L link = rule_of<L>(settings);
  const auto with = [&](const auto& formula) -> Value {
    if constexpr (L::place == basin::Place::direction)
      return formula(x, g, u);
    else
      return formula(x, g);
  };
  if constexpr (Scaling<L>)
    return (L::place == basin::Place::direction ? u : g) * link.factor(sums);
  else if constexpr (Positioned<L>)
    return at_positions(link.template at<double>(leaf.step, leaf.number), x, g);
  else if constexpr (requires { link.template at<double>(leaf.step, sums); })
    return with(link.template at<double>(leaf.step, sums));
  else if constexpr (requires { link.template at<double>(leaf.step); })
    return with(link.template at<double>(leaf.step));
  else
    return g;  // it only decides whether to take the step
}

}  // namespace detail

void remember(const kernels::Table& table, const TensorRule& rule);
void remember(const kernels::LinkTable& table, const TensorLink& link);

// Not thread-safe: call it before the first step.
template <Rule R>
bool with_tensors() {
  TensorRule rule{&detail::aim<R>, nullptr, nullptr};
  if constexpr (SummingRule<R>) rule.terms = &detail::rule_terms<R>;
  if constexpr (has_two_points<R>()) rule.turn = &detail::turn<R>;
  return remember(kernels::table_of<R>(), rule), true;
}
template <Link L>
bool with_tensors() {
  return remember(kernels::link_table_of<L>(), {&detail::terms<L>, &detail::apply<L>}), true;
}

}  // namespace basin::optim
