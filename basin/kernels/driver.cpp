#include "basin/kernels/driver.hpp"

#include "basin/kernels/subnormal.hpp"

namespace basin::kernels {
namespace {

// A cut between two threads falls on a multiple of this, so that they share no cache line.
constexpr std::size_t grain = 1024;
// Below this many weights a second thread costs more than it brings (a fork and join takes some 10 us).
constexpr std::size_t worth_a_thread = 50'000;

// The loop of one rule, with the scalars of the step that was asked for last: all parameters are mostly at the same.
template <class T>
class Sweep {
 public:
  Sweep(const AnyRule& rule, const Execution& how)
      : rule_(rule), kernel_(rule.table().kernel<T>()), loop_(kernel_.step[static_cast<std::size_t>(how.isa)]),
        chunk_(how.chunk), lr_(static_cast<T>(rule.lr())) {}

  void operator()(const Leaf<T>& leaf, std::size_t begin, std::size_t end) {
    if (leaf.step != step_) kernel_.at(rule_.settings(), step_ = leaf.step, scalars_);
    const std::size_t chunk = chunk_ ? chunk_ : end - begin;
    for (; begin < end; begin += chunk)
      loop_(scalars_.bytes.data(), lr_, leaf.tile.part(begin, std::min(chunk, end - begin)));
  }

 private:
  const AnyRule& rule_;
  const Kernel<T>& kernel_;
  void (*loop_)(const void*, T, const Tile<T>&);
  std::size_t chunk_;
  T lr_;
  Step step_ = 0;
  Scalars scalars_;
};

// The weights [begin, end) of all leaves laid end to end.
template <class T>
void sweep_range(const AnyRule& rule, std::span<const Leaf<T>> leaves, const Execution& how, std::size_t begin,
                 std::size_t end) {
  const FlushSubnormals flush;
  Sweep<T> sweep(rule, how);
  std::size_t offset = 0;
  for (const Leaf<T>& leaf : leaves) {
    const std::size_t size = leaf.tile.size;
    if (offset >= end) return;
    if (offset + size > begin && size > 0)
      sweep(leaf, std::max(begin, offset) - offset, std::min(end, offset + size) - offset);
    offset += size;
  }
}

}  // namespace

template <class T>
void step(const AnyRule& rule, std::span<const Leaf<T>> leaves, const Execution& how) {
  std::size_t total = 0;
  for (const Leaf<T>& leaf : leaves) total += leaf.tile.size;
  const std::size_t parts = how.parallel ? std::min(how.threads, total / worth_a_thread) : 1;
  if (parts <= 1) return sweep_range(rule, leaves, how, 0, total);
  const std::size_t part = (total / parts + grain) / grain * grain;
  how.parallel(parts, [&](std::size_t i) {
    sweep_range(rule, leaves, how, i * part, i + 1 == parts ? total : std::min(total, (i + 1) * part));
  });
}

template void step<float>(const AnyRule&, std::span<const Leaf<float>>, const Execution&);
template void step<double>(const AnyRule&, std::span<const Leaf<double>>, const Execution&);

}  // namespace basin::kernels
