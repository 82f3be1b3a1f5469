// The slots of a rule that are kept in fewer bits: on their way to the rule and back.
#include <cstdint>

#include "basin/kernels/chain_blocks.hpp"

namespace basin::kernels {
namespace {

// Where a slot stands on the bench: a quarter of a page away from the weights, in their pages. A load waits for a store
// before it whose address has the same last 12 bits, as if it were the same; where the two streams lie close, AdamW takes up to
// 1.3 times as long.
float* place_for(std::array<float, 2 * block_size>& slot, const float* weight) {
  constexpr std::uintptr_t page = 4096, line = 64;
  static_assert(page / sizeof(float) <= block_size);
  const auto wanted = reinterpret_cast<std::uintptr_t>(weight) + page / 4;
  const auto distance = (wanted - reinterpret_cast<std::uintptr_t>(slot.data())) % page / line * line;
  return slot.data() + distance / sizeof(float);
}

}  // namespace

template <class T>
void ChainStep<T>::unpack_slots([[maybe_unused]] const Block& block, [[maybe_unused]] Tile<T>& tile,
                                [[maybe_unused]] Bench& bench) const {
  if constexpr (std::is_same_v<T, float>) {
    const PackedSlots& packed = leaves_[block.leaf].packed_slots;
    for (std::size_t i = 0; i < most_slots; ++i) {
      if (!packed.slots[i]) continue;
      tile.slots[i] = place_for(bench.slots[i], tile.weight);
      unpack({packed.format, packed.slots[i], i}, how_.isa, block.begin, block.count, tile.slots[i]);
    }
  }
}

template <class T>
void ChainStep<T>::pack_slots([[maybe_unused]] const Block& block,
                              [[maybe_unused]] const Tile<T>& tile) const {
  if constexpr (std::is_same_v<T, float>) {
    const Leaf<T>& leaf = leaves_[block.leaf];
    const PackedSlots& packed = leaf.packed_slots;
    const RoundingKey key{how_.rounding_seed.value_or(0), leaf.number, static_cast<std::uint64_t>(leaf.step)};
    for (std::size_t i = 0; i < most_slots; ++i)
      if (packed.slots[i])
        pack({packed.format, packed.slots[i], i}, how_.isa, key, block.begin, block.count, tile.slots[i]);
  }
}

template <class T>
Tile<T> ChainStep<T>::open_slots(const Block& block, Tile<T> tile, Bench& bench) const {
  unpack_slots(block, tile, bench);
  return tile;
}

// --- rows

// Whether rows may end within the blocks that packed slots have a scale for.
template <class T>
bool ChainStep<T>::rows_cut_slots() const {
  return by_row_ && std::ranges::any_of(leaves_, [](const Leaf<T>& leaf) {
           return leaf.packed_slots.format != SlotFormat::native;
         });
}

// Keeps the gradient of every weight behind the links before the rule, row by row; then runs the rule over blocks that know
// of no rows. A rule that moves the weights itself has moved them then.
template <class T>
void ChainStep<T>::run_rule_apart() {
  make_scalars_of_rule();
  keep_gradients();
  const auto sweep = chain_.rule.table().template kernel<T>().sweep[isa_];
  by_row_ = false;
  lay_out();
  on_blocks([&](std::size_t, const Block& block, Tile<T> at, Bench& bench) {
    at.gradient = kept(block);
    if (chain_.rule.table().moves) {
      with_slots(block, at, bench, [&](const Tile<T>& part, std::size_t) {
        sweep(memory_.rule_scalars_[block.leaf].bytes.data(), static_cast<T>(chain_.rule.lr()), T{1}, part);
      });
      follow(block, at);
      close(block, at);
    } else {
      aim(block, at, bench.direction.data(), bench);
      std::copy_n(bench.direction.data(), block.count, kept(block));
    }
  });
  by_row_ = true;
  lay_out();
  aimed_ = true, applied_ = chain_.before.size();
}

template void ChainStep<float>::unpack_slots(const Block&, Tile<float>&, Bench&) const;
template void ChainStep<double>::unpack_slots(const Block&, Tile<double>&, Bench&) const;
template void ChainStep<float>::pack_slots(const Block&, const Tile<float>&) const;
template void ChainStep<double>::pack_slots(const Block&, const Tile<double>&) const;
template Tile<float> ChainStep<float>::open_slots(const Block&, Tile<float>, Bench&) const;
template Tile<double> ChainStep<double>::open_slots(const Block&, Tile<double>, Bench&) const;
template bool ChainStep<float>::rows_cut_slots() const;
template bool ChainStep<double>::rows_cut_slots() const;
template void ChainStep<float>::run_rule_apart();
template void ChainStep<double>::run_rule_apart();

}  // namespace basin::kernels
