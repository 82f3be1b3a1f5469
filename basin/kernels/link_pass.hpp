// The links of a chain during one step: their scalars, and what they make of a block.
#pragma once
#include "basin/kernels/block_pass.hpp"
#include "basin/kernels/chain.hpp"

namespace basin::kernels {

// Links are numbered through: those before the rule, then those after it.
template <class T>
class LinkPass {
 public:
  // Uses its arguments as long as it lives.
  LinkPass(StepMemory<T>& memory, const Chain& chain, std::span<const Leaf<T>> leaves, const Execution& how);

  std::size_t size() const { return before() + chain_.after.size(); }
  std::size_t before() const { return chain_.before.size(); }
  const AnyLink& operator[](std::size_t i) const {
    return i < before() ? chain_.before[i] : chain_.after[i - before()];
  }
  bool sums(std::size_t i) const { return (*this)[i].info().scope.has_value(); }
  bool any_sums_rows() const;
  // Whether the loop of the rule can take all links along, as one factor of the gradient.
  bool only_multiply() const;

  // Makes the scalars of the links that need no sums.
  void make_scalars();
  // Makes the scalars of one unit of link i from its sums. False: the link leaves the step out.
  bool make_scalars(std::size_t i, std::size_t unit, const Leaf<T>& leaf, const Sums& sums);
  // Makes room for the scalars of so many units.
  void resize(std::size_t i, std::size_t units) { memory_.link_scalars[i].resize(units); }
  // The unit that link i sums a block for: all, its row or its tensor.
  std::size_t unit_of(std::size_t i, const Block& block) const;

  // The product of all factors for a block. Requires: only_multiply().
  T multiplier(const Block& block) const;
  // The gradient behind the first `count` links; on the bench where one of them changed it.
  const T* gradient(const Block& block, const Tile<T>& tile, std::size_t count, Bench<T>& bench) const;
  // Lets the links [first, last) act on a block.
  void apply(std::size_t first, std::size_t last, const LinkTile<T>& tile, const Block& block) const;
  // What link i sums over a block.
  void sum(std::size_t i, const LinkTile<T>& tile, double* sums) const;
  // What a link sees of a block.
  LinkTile<T> view(const Block& block, const Tile<T>& tile, const T* gradient, T* direction) const;

 private:
  StepMemory<T>& memory_;
  const Chain& chain_;
  std::span<const Leaf<T>> leaves_;
  std::size_t isa_;
};

}  // namespace basin::kernels
