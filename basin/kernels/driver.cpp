#include "basin/kernels/driver.hpp"

#include "basin/kernels/chain_step.hpp"
#include "basin/kernels/parallel.hpp"

namespace basin::kernels {
namespace {

// Cuts between threads are at multiples of this, so that threads share no cache line.
constexpr std::size_t grain = 1024;

// The loop of one rule, which caches the scalars of the last step requested: most parameters are at the same
// step.
template <class T>
class Sweep {
 public:
  Sweep(const AnyRule& rule, const Execution& how)
      : rule_(rule),
        kernel_(rule.table().kernel<T>()),
        loop_(kernel_.sweep[static_cast<std::size_t>(how.isa)]),
        chunk_(how.chunk),
        lr_(static_cast<T>(rule.lr())) {}

  void operator()(const Leaf<T>& leaf, std::size_t begin, std::size_t end) {
    if (leaf.step != step_) kernel_.at(rule_.settings(), step_ = leaf.step, {}, {}, scalars_);
    const std::size_t chunk = chunk_ ? chunk_ : end - begin;
    if (!chunk_ && chunk == leaf.tile.size) return loop_(scalars_.bytes.data(), lr_, T{1}, leaf.tile);
    for (; begin < end; begin += chunk)
      loop_(scalars_.bytes.data(), lr_, T{1}, leaf.tile.part(begin, std::min(chunk, end - begin)));
  }

 private:
  const AnyRule& rule_;
  const Kernel<T>& kernel_;
  typename Kernel<T>::Sweep loop_;
  std::size_t chunk_;
  T lr_;
  Step step_ = 0;
  Scalars scalars_;
};

// Calls visit(leaf, from, to) for the weights [begin, end) of all leaves laid end to end.
template <class T, class Visit>
void each_piece(std::span<const Leaf<T>> leaves, std::size_t begin, std::size_t end, Visit&& visit) {
  std::size_t offset = 0;
  for (const Leaf<T>& leaf : leaves) {
    const std::size_t size = leaf.tile.size;
    if (offset >= end) return;
    if (offset + size > begin && size > 0)
      visit(leaf, std::max(begin, offset) - offset, std::min(end, offset + size) - offset);
    offset += size;
  }
}

template <class T>
std::size_t total_size(std::span<const Leaf<T>> leaves) {
  std::size_t total = 0;
  for (const Leaf<T>& leaf : leaves) total += leaf.tile.size;
  return total;
}

// Returns whether a leaf needs more than the loop of the rule.
template <class T>
bool any_with_more(std::span<const Leaf<T>> leaves) {
  return std::ranges::any_of(leaves, [](const Leaf<T>& leaf) {
    return leaf.packed.format != Format::native || leaf.packed_slots.format != SlotFormat::native ||
           leaf.shadow;
  });
}

}  // namespace

template <class T>
bool Driver<T>::step(const Chain& chain, std::span<const Leaf<T>> leaves, const Execution& how) {
  const Table& table = chain.rule.table();
  const bool alone =
      chain.before.empty() && chain.after.empty() && table.numbers == 0 && !table.scope && !table.by_matrix;
  if (!alone || any_with_more(leaves)) return ChainStep<T>(memory_, chain, leaves, how).run();
  const std::size_t total = total_size(leaves);
  in_parts(total, bytes_of_step<T>(chain.rule, total), grain, how, [&](std::size_t begin, std::size_t end) {
    each_piece(leaves, begin, end, Sweep<T>(chain.rule, how));
  });
  return true;
}

template <class T>
std::optional<Total> Driver<T>::total(const Chain& chain, std::size_t i, std::span<const Leaf<T>> leaves,
                                      const Execution& how) {
  return ChainStep<T>(memory_, chain, leaves, how).total(i);
}

template <class T>
void Driver<T>::turn(Mode to, const AnyRule& rule, std::span<const Leaf<T>> leaves, const Execution& how) {
  if (rule.table().two_points) ChainStep<T>(memory_, Chain(rule), leaves, how).turn(to);
}

template class Driver<float>;
template class Driver<double>;

}  // namespace basin::kernels
