#include "basin/kernels/chain_step.hpp"

namespace basin::kernels {

template <class T>
ChainStep<T>::ChainStep(StepMemory<T>& memory, const Chain& chain, std::span<const Leaf<T>> leaves,
                        const Execution& how)
    : memory_(memory),
      chain_(chain),
      rule_table_(chain.rule.table()),
      leaves_(leaves),
      how_(how),
      blocks_(memory.places, chain.rule, leaves, how),
      links_(memory, chain, leaves, how),
      rule_(memory, chain.rule, leaves, how, blocks_, links_),
      matrices_(memory, chain.rule, leaves, how, blocks_),
      by_row_(links_.any_sums_rows()),
      multiplied_(links_.only_multiply()),
      applied_(links_.before()) {}

template <class T>
bool ChainStep<T>::run() {
  begin();
  for (std::size_t i = 0; i < links_.size(); ++i)
    if (links_.sums(i) && !sum(i)) return false;
  move();
  return true;
}

template <class T>
std::optional<Total> ChainStep<T>::total(std::size_t i) {
  begin();
  for (std::size_t k = 0; k < i; ++k)
    if (links_.sums(k) && !sum(k)) return {};
  gather_sums(i);
  Total out;
  blocks_.add_up(
      memory_.block_sums, links_[i].table().terms, [](const Block&) { return std::size_t{0}; },
      [&](std::size_t, const Block&, const Sums& sums) {
        std::ranges::copy(sums.of, out.terms.begin());
        out.count = sums.count;
      });
  return out;
}

template <class T>
void ChainStep<T>::turn(Mode to) {
  blocks_.cut(by_row_);
  rule_.turn(to);
}

template <class T>
void ChainStep<T>::begin() {
  blocks_.cut(by_row_);
  links_.make_scalars();
}

// --- the stage of a link that needs sums

template <class T>
bool ChainStep<T>::sum(std::size_t i) {
  if (leaves_.empty()) return true;
  if (i < how_.totals.size() && how_.totals[i]) {
    const Total& given = *how_.totals[i];
    links_.resize(i, 1);
    return links_.make_scalars(i, 0, leaves_.back(),
                               {std::span(given.terms).first(links_[i].table().terms), given.count, false});
  }
  gather_sums(i);
  return make_scalars(i);
}

// The sums of link i over each block.
template <class T>
void ChainStep<T>::gather_sums(std::size_t i) {
  const std::size_t terms = links_[i].table().terms, before = links_.before();
  const bool after = i >= before;
  if (after && !aimed_) run_rule_apart();
  const bool runs_rule = after && !aimed_;
  if (runs_rule) {
    rule_.make_scalars();
    rule_.make_room_for_directions();
  }
  memory_.block_sums.resize(blocks_.totals().block * terms);
  blocks_.on_all([&](std::size_t index, const Block& block, Tile<T> at, Bench<T>& bench) {
    at.gradient = links_.gradient(block, at, std::min(i, before), bench);
    T* const u = after ? rule_.kept(block) : nullptr;
    const LinkTile<T> seen = links_.view(block, at, at.gradient, u);
    if (runs_rule) rule_.aim(block, at, u, bench);
    if (after) links_.apply(applied_, i, seen, block);
    links_.sum(i, seen, &memory_.block_sums[index * terms]);
  });
  if (after) aimed_ = true, applied_ = i;
}

template <class T>
bool ChainStep<T>::make_scalars(std::size_t i) {
  const Scope scope = *links_[i].info().scope;
  links_.resize(i, scope == Scope::all ? 1 : scope == Scope::tensor ? leaves_.size() : blocks_.totals().row);
  bool go_on = true;
  blocks_.add_up(
      memory_.block_sums, links_[i].table().terms,
      [&](const Block& block) { return links_.unit_of(i, block); },
      [&](std::size_t unit, const Block& last, const Sums& sums) {
        go_on &= links_.make_scalars(i, unit, leaves_[last.leaf], sums);
      });
  return go_on;
}

// --- the last stage

template <class T>
void ChainStep<T>::move() {
  if (rule_table_.by_matrix && !aimed_ && moves_matrices()) {
    matrices_.move(links_);
    if (std::ranges::any_of(leaves_, [](const Leaf<T>& leaf) { return leaf.shadow != nullptr; }))
      blocks_.on_all(
          [&](std::size_t, const Block& block, const Tile<T>& at, Bench<T>&) { rule_.follow(block, at); });
    return;
  }
  if (!aimed_) run_rule_apart();
  if (moved_) return;
  if (!aimed_) rule_.make_scalars();
  blocks_.on_all([&](std::size_t, const Block& block, const Tile<T>& at, Bench<T>& bench) {
    move_block(block, at, bench);
    rule_.follow(block, at);
    blocks_.close(block, at);
  });
}

template <class T>
void ChainStep<T>::move_block(const Block& block, Tile<T> at, Bench<T>& bench) const {
  at.gradient = links_.gradient(block, at, multiplied_ ? 0 : links_.before(), bench);
  if (chain_.after.empty() && !aimed_)
    return rule_.sweep(block, at, multiplied_ ? links_.multiplier(block) : T{1}, bench);
  T* const u = aimed_ ? rule_.kept(block) : bench.direction.data();
  if (!aimed_) rule_.aim(block, at, u, bench);
  links_.apply(applied_, links_.size(), links_.view(block, at, at.gradient, u), block);
  rule_.descend(at, u);
}

// --- the rule on its own

template <class T>
void ChainStep<T>::run_rule_apart() {
  const bool by_matrix = rule_table_.by_matrix;
  if (!by_matrix && !rows_cut_slots()) return;
  if (!by_matrix) rule_.make_scalars();
  rule_.keep_gradients();
  by_matrix ? matrices_.aim(rule_) : run_rule_by_blocks();
  aimed_ = true, applied_ = links_.before();
}

// Over blocks that know of no rows, so that each packed slot has the scale of its block. A rule that moves
// the weights itself has moved them then.
template <class T>
void ChainStep<T>::run_rule_by_blocks() {
  blocks_.cut(false);
  blocks_.on_all([&](std::size_t, const Block& block, Tile<T> at, Bench<T>& bench) {
    at.gradient = rule_.kept(block);
    if (rule_table_.moves) {
      rule_.sweep(block, at, T{1}, bench);
      rule_.follow(block, at);
      blocks_.close(block, at);
    } else {
      rule_.aim(block, at, bench.direction.data(), bench);
      std::copy_n(bench.direction.data(), block.count, rule_.kept(block));
    }
  });
  moved_ = rule_table_.moves;
  blocks_.cut(by_row_);
}

template class ChainStep<float>;
template class ChainStep<double>;

}  // namespace basin::kernels
