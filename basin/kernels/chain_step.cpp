#include "basin/kernels/chain_step.hpp"

#include <algorithm>
#include <cstring>

#include "basin/kernels/parallel.hpp"
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
std::size_t ChainStep<T>::row_length(const Leaf<T>& leaf) const {
  return by_row_ && leaf.rows > 0 ? leaf.tile.size / leaf.rows : leaf.tile.size;
}

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
template <class Visit>
void ChainStep<T>::each_block(std::size_t begin, std::size_t end, const Visit& visit) const {
  const auto& places = memory_.places_;
  const auto after = std::ranges::upper_bound(places, begin, {}, &Driver<T>::Place::block);
  auto leaf = static_cast<std::size_t>(after - places.begin()) - 1;
  for (std::size_t i = begin; i < end; ++i) {
    while (i >= places[leaf + 1].block) ++leaf;
    const std::size_t length = row_length(leaves_[leaf]);
    const std::size_t in_row = (length + block_size - 1) / block_size, local = i - places[leaf].block;
    const std::size_t row = local / in_row, offset = local % in_row * block_size;
    visit(i, Block{leaf, row, row * length + offset, std::min(block_size, length - offset)});
  }
}

template <class T>
template <class Task>
void ChainStep<T>::on_blocks(const Task& task) const {
  const auto& total = memory_.places_.back();
  in_parts(total.block, total.weight, 1, how_, [&](std::size_t begin, std::size_t end) {
    Bench bench;
    each_block(begin, end,
               [&](std::size_t i, const Block& block) { task(i, block, open(block, bench), bench); });
  });
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

template <class T>
void ChainStep<T>::make_scalars_without_sums() {
  memory_.link_scalars_.resize(link_count());
  for (std::size_t i = 0; i < link_count(); ++i) {
    if (link(i).info().scope) continue;
    memory_.link_scalars_[i].resize(leaves_.size());
    for (std::size_t l = 0; l < leaves_.size(); ++l)
      link(i).table().template kernel<T>().at(link(i).settings(), leaves_[l].step, leaves_[l].number, {},
                                              memory_.link_scalars_[i][l]);
  }
}

// --- sums

template <class T>
bool ChainStep<T>::sum(std::size_t i) {
  const std::size_t terms = link(i).table().terms, before = chain_.before.size();
  const bool runs_rule = i >= before && !aimed_;
  if (runs_rule) {
    make_scalars_of_rule();
    memory_.directions_.resize(memory_.places_.back().weight);
  }
  memory_.block_sums_.resize(memory_.places_.back().block * terms);
  on_blocks([&](std::size_t index, const Block& block, const Tile<T>& at, Bench& bench) {
    const T* g = gradient(block, at, std::min(i, before), bench);
    T* const u = i >= before ? kept(block) : nullptr;
    const LinkTile<T> seen = link_tile(block, at, g, u);
    if (runs_rule) aim(block, at, g, u);
    for (std::size_t k = applied_; k < i; ++k) apply(k, seen, block);
    link(i).table().template kernel<T>().sum[isa_](seen, &memory_.block_sums_[index * terms]);
  });
  if (i >= before) aimed_ = true, applied_ = i;
  return add_up(i);
}

// Blocks are added in their order, on one thread: the same bits whoever summed them. Calls close(unit, last block, sums) for
// each unit.
template <class T>
template <class Unit, class Close>
void ChainStep<T>::add_blocks(std::size_t terms, const Unit& unit, const Close& close) const {
  std::array<double, most_terms> sums{};
  double count = 0;
  std::optional<Block> last;
  const auto end = [&] {
    close(unit(*last), *last, Sums{std::span(sums).first(terms), count, leaves_[last->leaf].rows == 0});
    sums.fill(0), count = 0;
  };
  each_block(0, memory_.places_.back().block, [&](std::size_t index, const Block& block) {
    if (last && unit(*last) != unit(block)) end();
    for (std::size_t k = 0; k < terms; ++k) sums[k] += memory_.block_sums_[index * terms + k];
    count += static_cast<double>(block.count);
    last = block;
  });
  if (last) end();
}

template <class T>
bool ChainStep<T>::add_up(std::size_t i) {
  const Scope scope = *link(i).info().scope;
  memory_.link_scalars_[i].resize(scope == Scope::all      ? 1
                                  : scope == Scope::tensor ? leaves_.size()
                                                           : memory_.places_.back().row);
  bool go_on = true;
  add_blocks(
      link(i).table().terms, [&](const Block& block) { return unit_of(i, block); },
      [&](std::size_t unit, const Block& last, const Sums& sums) {
        go_on &= finish_unit(i, unit, leaves_[last.leaf], sums);
      });
  return go_on;
}

template <class T>
bool ChainStep<T>::finish_unit(std::size_t i, std::size_t unit, const Leaf<T>& leaf, const Sums& sums) {
  const LinkTable& table = link(i).table();
  if (table.skip) return !table.skip(link(i).settings(), sums);
  table.kernel<T>().at(link(i).settings(), leaf.step, leaf.number, sums, memory_.link_scalars_[i][unit]);
  return true;
}

template <class T>
std::size_t ChainStep<T>::unit_of(std::size_t i, const Block& block) const {
  const auto scope = link(i).info().scope;
  if (scope == Scope::all) return 0;
  return scope == Scope::row ? memory_.places_[block.leaf].row + block.row : block.leaf;
}

// --- the rule's own

template <class T>
void ChainStep<T>::make_scalars_of_rule() {
  memory_.rule_scalars_.resize(leaves_.size());
  if (chain_.rule.table().scope) return sum_for_rule();
  const auto at = chain_.rule.table().template kernel<T>().at;
  for (std::size_t l = 0; l < leaves_.size(); ++l)
    at(chain_.rule.settings(), leaves_[l].step, leaves_[l].numbers, {}, memory_.rule_scalars_[l]);
}

template <class T>
const Leaf<T>& ChainStep<T>::leader() const {
  return *std::ranges::max_element(leaves_, {}, &Leaf<T>::step);
}

// One pass more, over what the rule sees before its step.
template <class T>
void ChainStep<T>::sum_for_rule() {
  if (leaves_.empty()) return;
  const Table& table = chain_.rule.table();
  const Kernel<T>& kernel = table.template kernel<T>();
  const bool of_all = table.scope == Scope::all;
  const Leaf<T>& first = leader();
  std::array<double, most_numbers> numbers{};  // those of all, before the step
  std::ranges::copy(first.numbers, numbers.begin());
  std::vector<Scalars>& terms = memory_.rule_scalars_;  // until the sums are known
  for (std::size_t l = 0; l < leaves_.size(); ++l) {
    const Leaf<T>& leaf = of_all ? first : leaves_[l];
    table.terms_at(chain_.rule.settings(), leaf.step, leaf.numbers, terms[l]);
  }
  memory_.block_sums_.resize(memory_.places_.back().block * table.terms);
  on_blocks([&](std::size_t index, const Block& block, Tile<T> at, Bench& bench) {
    at.gradient = gradient(block, at, chain_.before.size(), bench);
    kernel.sum[isa_](terms[block.leaf].bytes.data(), at, &memory_.block_sums_[index * table.terms]);
  });
  const auto finish = [&](std::size_t l, const Sums& sums) {
    if (of_all) std::copy_n(numbers.begin(), leaves_[l].numbers.size(), leaves_[l].numbers.begin());
    kernel.at(chain_.rule.settings(), leaves_[l].step, leaves_[l].numbers, sums, memory_.rule_scalars_[l]);
  };
  add_blocks(
      table.terms, [&](const Block& block) { return of_all ? 0 : block.leaf; },
      [&](std::size_t unit, const Block&, const Sums& sums) {
        if (!of_all) return finish(unit, sums);
        for (std::size_t l = 0; l < leaves_.size(); ++l) finish(l, sums);
      });
}

// --- the last stage

template <class T>
void ChainStep<T>::move() {
  if (!aimed_) make_scalars_of_rule();
  const auto sweep = chain_.rule.table().template kernel<T>().sweep[isa_];
  const T lr = static_cast<T>(chain_.rule.lr());
  const bool multiplied = only_multiplied();
  on_blocks([&](std::size_t, const Block& block, Tile<T> at, Bench& bench) {
    const T* g = gradient(block, at, multiplied ? 0 : chain_.before.size(), bench);
    if (chain_.after.empty()) {
      const T scale = multiplied ? multiplier(block) : T{1};
      at.gradient = g;
      sweep(memory_.rule_scalars_[block.leaf].bytes.data(), lr, scale, at);
    } else {
      T* const u = aimed_ ? kept(block) : bench.direction.data();
      if (!aimed_) aim(block, at, g, u);
      for (std::size_t k = applied_; k < link_count(); ++k) apply(k, link_tile(block, at, g, u), block);
      descend(at, u);
    }
    close(block, at);
  });
}

template <class T>
void ChainStep<T>::turn(Mode to) {
  lay_out();
  const Kernel<T>& kernel = chain_.rule.table().template kernel<T>();
  Scalars scalars;
  kernel.to(chain_.rule.settings(), to, scalars);
  on_blocks([&](std::size_t, const Block& block, const Tile<T>& at, Bench&) {
    kernel.turn[isa_](scalars.bytes.data(), at);
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
void ChainStep<T>::aim(const Block& block, Tile<T> tile, const T* gradient, T* direction) const {
  tile.gradient = gradient;
  chain_.rule.table().template kernel<T>().aim[isa_](memory_.rule_scalars_[block.leaf].bytes.data(), tile,
                                                     direction);
}

template <class T>
T* ChainStep<T>::kept(const Block& block) const {
  return memory_.directions_.data() + memory_.places_[block.leaf].weight + block.begin;
}

template <class T>
void ChainStep<T>::descend(const Tile<T>& tile, const T* direction) const {
  descend_loop<T>(how_.isa)(static_cast<T>(chain_.rule.lr()), tile.size, tile.weight, direction);
}

template class ChainStep<float>;
template class ChainStep<double>;

}  // namespace basin::kernels
