// Compiles the loops of a rule into its table. Included only by the files that do this, with the flags of
// basin_add_rule.
#pragma once
#include <new>

#include "basin/kernels/loops.hpp"
#include "basin/kernels/matrix.hpp"
#include "basin/kernels/source.hpp"
#include "basin/kernels/table.hpp"

namespace basin::kernels {

template <class R>
R value_of(const KnobArray& settings) {
  std::array<double, R::knob_names.size()> values;
  std::copy_n(settings.begin(), values.size(), values.begin());
  return std::bit_cast<R>(values);
}

template <class F>
void put(Scalars& out, const F& formula) {
  static_assert(sizeof(F) <= sizeof(Scalars) && std::is_trivially_copyable_v<F>);
  ::new (static_cast<void*>(out.bytes.data())) F(formula);
}

template <class R, class T>
constexpr bool formula_takes_its_slots() {
  return []<std::size_t... I>(std::index_sequence<I...>) {
    return std::is_invocable_v<const FormulaOf<R, T>&, T&, const T&,
                               decltype((static_cast<void>(I), std::declval<T&>()))...>;
  }(std::make_index_sequence<R::slots.size()>());
}

template <Rule R, class T>
struct MatrixStepBody {
  [[gnu::always_inline]] static inline void run(const KnobArray& settings, Step t,
                                                const MatrixTile<T>& tile) {
    Matrix<R, T> at(tile);
    value_of<R>(settings).step(at, t);
  }
};

template <MatrixRule R, class T>
constexpr Kernel<T> matrix_kernel_of() {
  Kernel<T> kernel{};
  kernel.matrix_step =
      PerIsa<MatrixStepBody<R, T>, void(const KnobArray&, Step, const MatrixTile<T>&)>::table;
  return kernel;
}

template <Rule R, class T>
constexpr Kernel<T> elementwise_kernel_of() {
  static_assert(formula_takes_its_slots<R, T>(),
                "the formula of this rule must take x, g and as many slots as its `slots` names");
  using Loops = typename LoopsOf<R, T>::Type;
  Kernel<T> kernel{};
  kernel.at = [](const KnobArray& settings, Step t, std::span<double> numbers, const Sums& sums,
                 Scalars& out) { put(out, scalars_at<T>(value_of<R>(settings), t, numbers, sums)); };
  kernel.sweep = PerIsa<SweepBody<Loops, T>, void(const void*, T, T, const Tile<T>&)>::table;
  if constexpr (SummingRule<R>)
    kernel.sum = PerIsa<RuleSumBody<R, T>, void(const void*, const Tile<T>&, double*)>::table;
  if constexpr (!moves_weights<R>())
    kernel.aim = PerIsa<AimBody<Loops, T>, void(const void*, const Tile<T>&, T*)>::table;
  if constexpr (has_two_points<R>()) {
    kernel.to = [](const KnobArray& settings, Mode mode, Scalars& out) {
      const R rule = value_of<R>(settings);
      put(out, mode == Mode::eval ? rule.template to_eval<T>() : rule.template to_train<T>());
    };
    kernel.turn = PerIsa<TurnBody<R, T>, void(const void*, const Tile<T>&)>::table;
  }
  return kernel;
}

template <Rule R, class T>
constexpr Kernel<T> kernel_of() {
  static_assert(R::slots.size() <= most_slots);
  if constexpr (MatrixRule<R>)
    return matrix_kernel_of<R, T>();
  else
    return elementwise_kernel_of<R, T>();
}

template <Rule R>
constexpr std::optional<Scope> scope_of() {
  static_assert(terms_of_rule<R>() <= most_terms && number_count<R>() <= most_numbers);
  if constexpr (SummingRule<R>)
    return R::sums_over;
  else
    return {};
}

template <Rule R>
void put_terms([[maybe_unused]] const KnobArray& settings, [[maybe_unused]] Step t,
               [[maybe_unused]] std::span<const double> numbers, [[maybe_unused]] Scalars& out) {
  if constexpr (SummingRule<R>) put(out, value_of<R>(settings).terms(t, numbers));
}

template <Rule R>
constexpr auto writer_of() {
  decltype(Table::write) writer = nullptr;
  if constexpr (!MatrixRule<R> && !has_loops_alone<R>())
    writer = [](const KnobArray& settings, Step t, std::span<double> numbers, const Sums& sums,
                Source& source) { write_rule(value_of<R>(settings), t, numbers, sums, source); };
  return writer;
}

// Never inlined, so that the symbol exists for files that see only the declaration.
template <Rule R>
[[gnu::noinline, gnu::used]] const Table& table_of() {
  static const Table table{
      .info = info_of<R>(),
      .scope = scope_of<R>(),
      .terms = terms_of_rule<R>(),
      .terms_at = &put_terms<R>,
      .check = [](const KnobArray& settings) { checked(value_of<R>(settings)); },
      .initial = [](const KnobArray& settings,
                    std::size_t slot) { return initial_of(value_of<R>(settings), slot); },
      .starts_as_weight = [](std::size_t slot) { return starts_as_weight<R>(slot); },
      .curvature = curvature_slot<R>(),
      .numbers = number_count<R>(),
      .moves = moves_weights<R>(),
      .sparse = takes_sparse<R>(),
      .two_points = has_two_points<R>(),
      .by_matrix = MatrixRule<R>,
      .on_float = kernel_of<R, float>(),
      .on_double = kernel_of<R, double>(),
      .write = writer_of<R>()};
  return table;
}

}  // namespace basin::kernels
