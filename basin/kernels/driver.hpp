// The driver: one step of a chain over all the tensors of a parameter group.
//
// A rule alone, or behind links that only multiply the gradient, is one fused pass over memory. Other links run block
// after block in cache, still one pass. A link that needs sums costs one more pass over what it sums. A rule that goes over each
// tensor as a matrix makes the passes that it asks for, each tensor on one thread.
#pragma once
#include <array>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "basin/kernels/chain.hpp"
#include "basin/kernels/storage.hpp"

namespace basin::kernels {

// One parameter: its tile, or where its numbers are packed, and how many steps it will have taken after this one. Steps are counted per parameter,
// because a parameter without gradient does not advance.
template <class T>
struct Leaf {
  Tile<T> tile;
  Step step = 1;
  std::size_t rows = 0;      // the first extent of a tensor with two dimensions or more, 0 for others
  std::uint64_t number = 0;  // of the parameter; keys its randomness
  std::uint64_t first = 0;   // position of the first weight in its parameter, of which this may be some rows
  std::span<double> numbers = {};  // that the rule remembers (Table::numbers)
  Packed packed = {};  // in a format of 16 bits, weight and gradient are here and null in the tile
  PackedSlots packed_slots =
      {};  // slots that are here are null in the tile; not of some rows, not of doubles
  T* shadow =
      nullptr;  // as many as the weights, which they follow (Execution::shadow_share); not of packed ones

  // The weights [begin, begin + count), whose gradients stand at `gradient_begin` of those given: some rows.
  Leaf part(std::size_t begin, std::size_t gradient_begin, std::size_t count) const {
    Leaf out = *this;
    out.tile = tile.part(begin, count);
    if (tile.gradient) out.tile.gradient = tile.gradient + gradient_begin;
    if (packed.weight) out.packed.weight += begin, out.packed.gradient += gradient_begin;
    if (shadow) out.shadow += begin;
    out.first += begin;
    return out;
  }
};

// Calls task(0) ... task(count - 1), in any order and from any threads, and returns when all are done.
using Parallel = std::function<void(std::size_t count, const std::function<void(std::size_t)>& task)>;

// What a link that sums over all weights has summed, over more leaves than those of one step.
struct Total {
  std::array<double, most_terms> terms{};
  double count = 0;  // of weights

  void operator+=(const Total& other) {
    for (std::size_t k = 0; k < most_terms; ++k) terms[k] += other.terms[k];
    count += other.count;
  }
};

// A thread is worth its fork and join from this many bytes on that a step moves for each thread: 16 MiB take 0.3 ms where memory
// is fast, and to wake a thread that sleeps some 0.05 to 0.2 ms. docs/performance.md has what was measured.
inline constexpr std::size_t worth_a_thread = std::size_t{16} << 20;

struct Execution {
  Isa isa = best_isa();
  std::size_t threads = 1;  // into how many parts the weights are cut, at most: fewer where a step is small
  Parallel parallel = {};   // empty: one after the other on the calling thread
  std::size_t chunk = 0;    // weights of one call of a fused loop; 0 for the driver's choice. For tests
  std::size_t bytes_a_thread = worth_a_thread;  // fewer parts where each would move less. For tests
  // Of stochastic rounding: bfloat16 weights are rounded so where it is there, packed slots always.
  std::optional<std::uint64_t> rounding_seed = {};
  double shadow_share = 0;  // shadow -= share (shadow - x), when x has moved
  // In the place of what the first links before the rule would sum over these leaves alone. One that sums nothing, or not
  // over all weights, has none.
  std::span<const std::optional<Total>> totals = {};
};

// Keeps its working memory from step to step, so that only the first one allocates.
template <class T>
class Driver {
 public:
  // x -= lr u for every weight, or nothing at all and false, when a link left the step out. The same bits for every
  // ISA, number of threads and chunk. Subnormal numbers are read and written as zero.
  // Requires: the leaves do not overlap; slots hold what `AnyRule::initial` says or what earlier steps left.
  bool step(const Chain& chain, std::span<const Leaf<T>> leaves, const Execution& how);

  // What link i before the rule sums over these leaves, behind the links before it; nothing when one of those leaves the step
  // out. Requires: it sums over all weights.
  std::optional<Total> total(const Chain& chain, std::size_t i, std::span<const Leaf<T>> leaves,
                             const Execution& how);

  // Weights and slots that trained become those to evaluate, or the other way round; nothing happens for a rule that is
  // evaluated where it is trained. Gradients are not looked at. Evaluating and back changes weights by rounding.
  // Requires: the leaves are in the other mode.
  void turn(Mode to, const AnyRule& rule, std::span<const Leaf<T>> leaves, const Execution& how);

 private:
  template <class>
  friend class ChainStep;
  // Where a leaf begins when all are laid end to end.
  struct Place {
    std::size_t block, row, weight;
  };
  std::vector<Place> places_;                       // of each leaf, and the totals
  std::vector<Scalars> rule_scalars_;               // one a leaf
  std::vector<std::vector<Scalars>> link_scalars_;  // of each link: one a unit of what it sums, or one a leaf
  std::vector<double> block_sums_;
  std::vector<T> directions_;  // of all weights, where a link after the rule needs sums
  std::vector<MatrixTile<T>>
      matrices_;  // of each leaf, for a rule that goes over matrices, with what they gather
  std::vector<double> gathered_;
  std::vector<T> unpacked_;  // all weights of a group of which some are packed, for such a rule
};

}  // namespace basin::kernels
