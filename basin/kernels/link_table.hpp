// A link behind function pointers, as table.hpp does for rules.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "basin/core/link.hpp"
#include "basin/kernels/table.hpp"

namespace basin::kernels {

// One block of a chain, as a link sees and changes it.
template <class T>
struct LinkTile {
  const T* weight;
  T* gradient;   // changed by a link before the rule
  T* direction;  // changed by a link after the rule; null before it
  std::size_t size;
  std::uint64_t first;  // position of the block's first weight in its tensor
};

template <class T>
struct LinkKernel {
  using Apply = void (*)(const void* scalars, const LinkTile<T>& tile);
  using Sum = void (*)(const LinkTile<T>& tile, double* sums);
  // The scalars of one unit: `sums` is empty for a link that needs none. tensor: the parameter's number.
  void (*at)(const KnobArray& settings, Step t, std::uint64_t tensor, const Sums& sums, Scalars& out);
  std::array<Apply, isas.size()> apply;
  std::array<Sum, isas.size()> sum;  // null for a link that needs no sums
};

struct LinkInfo {
  std::string name, title;
  std::vector<Knob> knobs;
  Place place;
  std::optional<Scope> scope;  // what its sums cover
};

struct LinkTable {
  LinkInfo info;
  void (*check)(const KnobArray& settings);
  std::size_t terms;                                          // how many sums
  bool (*skip)(const KnobArray& settings, const Sums& sums);  // null unless it may leave a step out
  double (*factor)(const KnobArray& settings,
                   const Sums& sums);  // null unless it multiplies and nothing else
  LinkKernel<float> on_float;
  LinkKernel<double> on_double;
  // Its formula at step t as source; null unless it works weight by weight, wherever the weight stands.
  void (*write)(const KnobArray& settings, Step t, Source& source);

  template <class T>
  const LinkKernel<T>& kernel() const {
    if constexpr (std::is_same_v<T, float>)
      return on_float;
    else
      return on_double;
  }
};

// The one table of a link, a symbol of the file that compiled its loops.
template <Link L>
const LinkTable& link_table_of();

// Returns every link of links.hpp, in order.
std::vector<const LinkTable*> link_tables();
// Throws InputError, "unknown link 'clip_nrm'; did you mean 'clip_norm'?".
const LinkTable& find_link(std::string_view name);

}  // namespace basin::kernels
