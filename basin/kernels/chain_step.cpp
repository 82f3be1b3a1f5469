#include "basin/kernels/chain_step.hpp"

#include <cstring>

#include "basin/kernels/chain_blocks.hpp"
#include "basin/kernels/follow.hpp"
#include "basin/kernels/tables.hpp"

namespace basin::kernels {

template <class T>
ChainStep<T>::ChainStep(Driver<T>& memory, const Chain& chain, std::span<const Leaf<T>> leaves,
                        const Execution& how)
    : memory_(memory),
      chain_(chain),
      leaves_(leaves),
      how_(how),
      isa_(static_cast<std::size_t>(how.isa)),
      applied_(chain.before.size()) {
  for (std::size_t i = 0; i < link_count(); ++i) by_row_ |= link(i).info().scope == Scope::row;
}

template <class T>
bool ChainStep<T>::run() {
  lay_out();
  make_scalars_without_sums();
  for (std::size_t i = 0; i < link_count(); ++i)
    if (link(i).info().scope && !sum(i)) return false;
  move();
  return true;
}

template <class T>
const AnyLink& ChainStep<T>::link(std::size_t i) const {
  return i < chain_.before.size() ? chain_.before[i] : chain_.after[i - chain_.before.size()];
}

// --- what there is to do

template <class T>
void ChainStep<T>::lay_out() {
  typename Driver<T>::Place at{};
  memory_.places_.clear();
  for (const Leaf<T>& leaf : leaves_) {
    memory_.places_.push_back(at);
    const std::size_t rows = by_row_ ? std::max<std::size_t>(leaf.rows, 1) : 1;
    at.block += rows * ((row_length(leaf) + block_size - 1) / block_size);
    at.row += rows;
    at.weight += leaf.tile.size;
  }
  memory_.places_.push_back(at);
}

template <class T>
Tile<T> ChainStep<T>::open(const Block& block, Bench& bench) const {
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
void ChainStep<T>::close(const Block& block, const Tile<T>& tile) const {
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

// --- the last stage

template <class T>
void ChainStep<T>::move() {
  if (chain_.rule.table().by_matrix && !aimed_) {
    if (moves_matrices()) return move_matrices();
    aim_matrices();
  }
  if (!aimed_ && rows_cut_slots()) {
    run_rule_apart();
    if (chain_.rule.table().moves) return;
  }
  if (!aimed_) make_scalars_of_rule();
  const auto sweep = chain_.rule.table().template kernel<T>().sweep[isa_];
  const T lr = static_cast<T>(chain_.rule.lr());
  const bool multiplied = only_multiplied();
  on_blocks([&](std::size_t, const Block& block, Tile<T> at, Bench& bench) {
    at.gradient = gradient(block, at, multiplied ? 0 : chain_.before.size(), bench);
    if (chain_.after.empty() && !aimed_) {
      const T scale = multiplied ? multiplier(block) : T{1};
      with_slots(block, at, bench, [&](const Tile<T>& part, std::size_t) {
        sweep(memory_.rule_scalars_[block.leaf].bytes.data(), lr, scale, part);
      });
    } else {
      T* const u = aimed_ ? kept(block) : bench.direction.data();
      if (!aimed_) aim(block, at, u, bench);
      for (std::size_t k = applied_; k < link_count(); ++k)
        apply(k, link_tile(block, at, at.gradient, u), block);
      descend(at, u);
    }
    follow(block, at);
    close(block, at);
  });
}

template <class T>
void ChainStep<T>::turn(Mode to) {
  lay_out();
  const Kernel<T>& kernel = chain_.rule.table().template kernel<T>();
  Scalars scalars;
  kernel.to(chain_.rule.settings(), to, scalars);
  on_blocks([&](std::size_t, const Block& block, const Tile<T>& at, Bench& bench) {
    with_slots(block, at, bench,
               [&](const Tile<T>& part, std::size_t) { kernel.turn[isa_](scalars.bytes.data(), part); });
    close(block, at);
  });
}

// Whether the loop of the rule can take all links along.
template <class T>
bool ChainStep<T>::only_multiplied() const {
  if (!chain_.after.empty()) return false;
  return std::ranges::all_of(chain_.before,
                             [](const AnyLink& l) { return l.table().factor || l.table().skip; });
}

template <class T>
T ChainStep<T>::multiplier(const Block& block) const {
  T product{1};
  for (std::size_t i = 0; i < chain_.before.size(); ++i) {
    if (!link(i).table().factor) continue;
    T factor;
    std::memcpy(&factor, memory_.link_scalars_[i][unit_of(i, block)].bytes.data(), sizeof factor);
    product *= factor;
  }
  return product;
}

// --- one block

template <class T>
LinkTile<T> ChainStep<T>::link_tile(const Block& block, const Tile<T>& tile, const T* gradient,
                                    T* direction) const {
  // A gradient that is not on the bench is only ever read: `gradient` copies before a link changes it.
  return {tile.weight, const_cast<T*>(gradient), direction, block.count,
          leaves_[block.leaf].first + block.begin};
}

template <class T>
const T* ChainStep<T>::gradient(const Block& block, const Tile<T>& tile, std::size_t count,
                                Bench& bench) const {
  if (count == 0) return tile.gradient;
  T* const own = bench.gradient.data();
  if (tile.gradient != own) std::copy_n(tile.gradient, block.count, own);
  for (std::size_t i = 0; i < count; ++i) apply(i, link_tile(block, tile, own, nullptr), block);
  return own;
}

template <class T>
void ChainStep<T>::apply(std::size_t i, const LinkTile<T>& seen, const Block& block) const {
  const LinkTable& table = link(i).table();
  if (table.skip) return;
  const std::size_t unit = table.info.scope ? unit_of(i, block) : block.leaf;
  table.kernel<T>().apply[isa_](memory_.link_scalars_[i][unit].bytes.data(), seen);
}

template <class T>
void ChainStep<T>::aim(const Block& block, const Tile<T>& tile, T* direction, Bench& bench) const {
  const auto loop = chain_.rule.table().template kernel<T>().aim[isa_];
  with_slots(block, tile, bench, [&](const Tile<T>& part, std::size_t begin) {
    loop(memory_.rule_scalars_[block.leaf].bytes.data(), part, direction + begin);
  });
}

template <class T>
T* ChainStep<T>::kept(const Block& block) const {
  return memory_.directions_.data() + memory_.places_[block.leaf].weight + block.begin;
}

// Of every weight, behind the links before the rule.
template <class T>
void ChainStep<T>::keep_gradients() {
  memory_.directions_.resize(memory_.places_.back().weight);
  on_blocks([&](std::size_t, const Block& block, const Tile<T>& at, Bench& bench) {
    std::copy_n(gradient(block, at, chain_.before.size(), bench), block.count, kept(block));
  });
}

template <class T>
void ChainStep<T>::descend(const Tile<T>& tile, const T* direction) const {
  descend_loop<T>(how_.isa)(static_cast<T>(chain_.rule.lr()), tile.size, tile.weight, direction);
}

// While the weights are still in cache.
template <class T>
void ChainStep<T>::follow(const Block& block, const Tile<T>& tile) const {
  T* const shadow = leaves_[block.leaf].shadow;
  if (!shadow) return;
  const Follow::Formula<T> formula;
  table_of<Follow>().template kernel<T>().sweep[isa_](&formula, static_cast<T>(how_.shadow_share), T{1},
                                                      {shadow + block.begin, tile.weight, {}, tile.size});
}

template class ChainStep<float>;
template class ChainStep<double>;

}  // namespace basin::kernels
