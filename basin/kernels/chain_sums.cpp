// The scalars of a chain's step, and the sums that they need.
#include "basin/kernels/chain_blocks.hpp"

namespace basin::kernels {

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
  if (leaves_.empty()) return true;
  if (i < how_.totals.size() && how_.totals[i]) {
    const Total& given = *how_.totals[i];
    memory_.link_scalars_[i].resize(1);
    return finish_unit(i, 0, leaves_.back(),
                       {std::span(given.terms).first(link(i).table().terms), given.count, false});
  }
  gather_sums(i);
  return add_up(i);
}

template <class T>
std::optional<Total> ChainStep<T>::total(std::size_t i) {
  lay_out();
  make_scalars_without_sums();
  for (std::size_t k = 0; k < i; ++k)
    if (link(k).info().scope && !sum(k)) return {};
  gather_sums(i);
  Total out;
  add_blocks(
      link(i).table().terms, [](const Block&) { return std::size_t{0}; },
      [&](std::size_t, const Block&, const Sums& sums) {
        std::ranges::copy(sums.of, out.terms.begin());
        out.count = sums.count;
      });
  return out;
}

// The sums of link i over each block.
template <class T>
void ChainStep<T>::gather_sums(std::size_t i) {
  const std::size_t terms = link(i).table().terms, before = chain_.before.size();
  if (i >= before && !aimed_ && chain_.rule.table().by_matrix) aim_matrices();
  if (i >= before && !aimed_ && rows_cut_slots()) run_rule_apart();
  const bool runs_rule = i >= before && !aimed_;
  if (runs_rule) {
    make_scalars_of_rule();
    memory_.directions_.resize(memory_.places_.back().weight);
  }
  memory_.block_sums_.resize(memory_.places_.back().block * terms);
  on_blocks([&](std::size_t index, const Block& block, Tile<T> at, Bench& bench) {
    at.gradient = gradient(block, at, std::min(i, before), bench);
    T* const u = i >= before ? kept(block) : nullptr;
    const LinkTile<T> seen = link_tile(block, at, at.gradient, u);
    if (runs_rule) aim(block, at, u, bench);
    for (std::size_t k = applied_; k < i; ++k) apply(k, seen, block);
    link(i).table().template kernel<T>().sum[isa_](seen, &memory_.block_sums_[index * terms]);
  });
  if (i >= before) aimed_ = true, applied_ = i;
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
    kernel.sum[isa_](terms[block.leaf].bytes.data(), open_slots(block, at, bench),
                     &memory_.block_sums_[index * table.terms]);
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

template void ChainStep<float>::make_scalars_without_sums();
template void ChainStep<double>::make_scalars_without_sums();
template void ChainStep<float>::make_scalars_of_rule();
template void ChainStep<double>::make_scalars_of_rule();
template bool ChainStep<float>::sum(std::size_t);
template bool ChainStep<double>::sum(std::size_t);
template std::optional<Total> ChainStep<float>::total(std::size_t);
template std::optional<Total> ChainStep<double>::total(std::size_t);

}  // namespace basin::kernels
