#include "basin/kernels/block_pass.hpp"

#include <cstdint>

namespace basin::kernels {
namespace {

// Where a slot stands on the bench: a quarter of a page away from the weights, in their pages. A load waits
// for an earlier store whose address has the same last 12 bits, as if it were the same; where the two streams
// lie close, AdamW takes up to 1.3 times as long.
float* place_for(std::array<float, 2 * block_size>& slot, const float* weight) {
  constexpr std::uintptr_t page = 4096, line = 64;
  static_assert(page / sizeof(float) <= block_size);
  const auto wanted = reinterpret_cast<std::uintptr_t>(weight) + page / 4;
  const auto distance = (wanted - reinterpret_cast<std::uintptr_t>(slot.data())) % page / line * line;
  return slot.data() + distance / sizeof(float);
}

}  // namespace

template <class T>
void BlockPass<T>::cut(bool by_row) {
  by_row_ = by_row;
  Place at{};
  places_.clear();
  for (const Leaf<T>& leaf : leaves_) {
    places_.push_back(at);
    const std::size_t rows = by_row ? std::max<std::size_t>(leaf.rows, 1) : 1;
    at.block += rows * ((row_length(leaf) + block_size - 1) / block_size);
    at.row += rows;
    at.weight += leaf.tile.size;
  }
  places_.push_back(at);
}

template <class T>
bool BlockPass<T>::any_packed() const {
  return std::ranges::any_of(leaves_,
                             [](const Leaf<T>& leaf) { return leaf.packed.format != Format::native; });
}

template <class T>
bool BlockPass<T>::any_packed_slots() const {
  return std::ranges::any_of(
      leaves_, [](const Leaf<T>& leaf) { return leaf.packed_slots.format != SlotFormat::native; });
}

// --- weights and gradients

template <class T>
Tile<T> BlockPass<T>::open(const Block& block, [[maybe_unused]] Bench<T>& bench) const {
  const Leaf<T>& leaf = leaves_[block.leaf];
  Tile<T> out = leaf.tile.part(block.begin, block.count);
  if constexpr (std::is_same_v<T, float>) {
    const Packed& packed = leaf.packed;
    if (packed.format == Format::native) return out;
    unpack(packed.format, how_.isa, block.count, packed.weight + block.begin, bench.weight.data());
    unpack(packed.format, how_.isa, block.count, packed.gradient + block.begin, bench.gradient.data());
    out.weight = bench.weight.data();
    out.gradient = bench.gradient.data();
  }
  return out;
}

template <class T>
void BlockPass<T>::close([[maybe_unused]] const Block& block, [[maybe_unused]] const Tile<T>& tile) const {
  if constexpr (std::is_same_v<T, float>) {
    const Leaf<T>& leaf = leaves_[block.leaf];
    const Packed& packed = leaf.packed;
    if (packed.format == Format::native) return;
    std::uint16_t* const out = packed.weight + block.begin;
    if (packed.format == Format::bfloat16 && how_.rounding_seed)
      pack_stochastically({*how_.rounding_seed, leaf.number, static_cast<std::uint64_t>(leaf.step)},
                          block.begin, block.count, tile.weight, out);
    else
      pack(packed.format, how_.isa, block.count, tile.weight, out);
  }
}

// --- slots in fewer bits, on their way to the rule and back

template <class T>
void BlockPass<T>::unpack_slots([[maybe_unused]] const Block& block, [[maybe_unused]] Tile<T>& tile,
                                [[maybe_unused]] Bench<T>& bench) const {
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
void BlockPass<T>::pack_slots([[maybe_unused]] const Block& block,
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

template class BlockPass<float>;
template class BlockPass<double>;

}  // namespace basin::kernels
