// A rule behind function pointers: what the driver, which is compiled once, needs from a rule, which is
// compiled separately.
//
// The settings of a rule are its knobs, and a knob is a double, so the settings of every rule are an array of
// doubles. tables.cpp compiles the tables of rules.hpp; `basin_add_rule` (cmake/BasinRule.cmake) compiles
// that of a rule outside this tree.
#pragma once
#include <algorithm>
#include <bit>
#include <optional>

#include "basin/kernels/isa.hpp"
#include "basin/kernels/tile.hpp"
#include "basin/rules/catalogue.hpp"

namespace basin::kernels {

// The knobs of any rule or link, in the order in which it declares them.
using KnobArray = std::array<double, most_knobs>;

// The scalars of one step of any rule, computed by `Table::at`.
struct alignas(64) Scalars {
  std::array<std::byte, 128> bytes;
};

// The loops of a rule over weights of type T, indexed by Isa. `scalars` come from `at` for the same type.
template <class T>
struct Kernel {
  using Sweep = void (*)(const void* scalars, T lr, T scale,
                         const Tile<T>& tile);                           // moves x; scales the gradient
  using Aim = void (*)(const void* scalars, const Tile<T>& tile, T* u);  // writes u; x stays
  using Turn = void (*)(const void* scalars, const Tile<T>& tile);       // x and slots change their mode
  using Sum = void (*)(const void* terms, const Tile<T>& tile, double* sums);
  void (*at)(const KnobArray& settings, Step t, std::span<double> numbers, const Sums& sums, Scalars& out);
  std::array<Sweep, isas.size()> sweep;
  std::array<Aim, isas.size()> aim;                                // null for a rule that moves x itself
  void (*to)(const KnobArray& settings, Mode mode, Scalars& out);  // the scalars of `turn`
  std::array<Turn, isas.size()> turn;  // null, as `to`, for a rule that is evaluated where it is trained
  std::array<Sum, isas.size()> sum;    // null for a rule that needs none
  // The step of one tensor, for a rule that goes over it as a matrix: such a rule has none of the loops
  // above.
  using MatrixStep = void (*)(const KnobArray& settings, Step t, const MatrixTile<T>& at);
  std::array<MatrixStep, isas.size()> matrix_step;
};

class Source;

inline constexpr std::size_t most_terms = 4;    // summed by one rule or link
inline constexpr std::size_t most_numbers = 4;  // stored by one rule

struct Table {
  RuleInfo info;
  std::optional<Scope> scope;  // what its sums cover
  std::size_t terms;
  void (*terms_at)(const KnobArray& settings, Step t, std::span<const double> numbers, Scalars& out);
  void (*check)(const KnobArray& settings);  // throws InputError for a value outside its range
  double (*initial)(const KnobArray& settings, std::size_t slot);  // what the slot starts with
  bool (*starts_as_weight)(std::size_t slot);
  std::optional<std::size_t> curvature;  // the slot that receives an estimate of the Hessian
  std::size_t numbers;                   // doubles stored for each parameter, initially 1
  bool moves;
  bool sparse;      // it may receive only a few rows of a gradient
  bool two_points;  // it is evaluated at another point than it is trained at
  bool by_matrix;   // it works over matrices
  Kernel<float> on_float;
  Kernel<double> on_double;
  // Its formula at step t as source; null for a rule that goes over matrices or has loops alone.
  void (*write)(const KnobArray& settings, Step t, std::span<double> numbers, const Sums& sums,
                Source& source);

  template <class T>
  const Kernel<T>& kernel() const {
    if constexpr (std::is_same_v<T, float>)
      return on_float;
    else
      return on_double;
  }
};

template <class R>
  requires requires { R::knob_names; }
KnobArray settings_of(const R& rule) {
  static_assert(R::knob_names.size() <= most_knobs);
  KnobArray out{};
  const auto values = std::bit_cast<std::array<double, R::knob_names.size()>>(rule);
  std::copy(values.begin(), values.end(), out.begin());
  return out;
}

// The one table of a rule, a symbol of the file that compiled its loops.
template <Rule R>
const Table& table_of();

}  // namespace basin::kernels
