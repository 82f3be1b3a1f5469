#include "basin/kernels/rule_pass.hpp"

#include "basin/kernels/follow.hpp"
#include "basin/kernels/tables.hpp"

namespace basin::kernels {

template <class T>
RulePass<T>::RulePass(StepMemory<T>& memory, const AnyRule& rule, std::span<const Leaf<T>> leaves,
                      const Execution& how, const BlockPass<T>& blocks, const LinkPass<T>& links)
    : memory_(memory),
      rule_(rule),
      leaves_(leaves),
      how_(how),
      blocks_(blocks),
      links_(links),
      kernel_(rule.table().kernel<T>()),
      isa_(static_cast<std::size_t>(how.isa)) {}

// --- scalars

template <class T>
void RulePass<T>::make_scalars() {
  memory_.rule_scalars.resize(leaves_.size());
  if (rule_.table().scope) return sum();
  for (std::size_t l = 0; l < leaves_.size(); ++l)
    kernel_.at(rule_.settings(), leaves_[l].step, leaves_[l].numbers, {}, memory_.rule_scalars[l]);
}

template <class T>
void RulePass<T>::sum() const {
  if (leaves_.empty()) return;
  const Table& table = rule_.table();
  const bool of_all = table.scope == Scope::all;
  const Leaf<T>& first = *std::ranges::max_element(leaves_, {}, &Leaf<T>::step);
  std::array<double, most_numbers> numbers{};  // those of all, before the step
  std::ranges::copy(first.numbers, numbers.begin());
  std::vector<Scalars>& terms = memory_.rule_scalars;  // until the sums are known
  for (std::size_t l = 0; l < leaves_.size(); ++l) {
    const Leaf<T>& leaf = of_all ? first : leaves_[l];
    table.terms_at(rule_.settings(), leaf.step, leaf.numbers, terms[l]);
  }
  memory_.block_sums.resize(blocks_.totals().block * table.terms);
  blocks_.on_all([&](std::size_t index, const Block& block, Tile<T> at, Bench<T>& bench) {
    at.gradient = links_.gradient(block, at, links_.before(), bench);
    kernel_.sum[isa_](terms[block.leaf].bytes.data(), blocks_.open_slots(block, at, bench),
                      &memory_.block_sums[index * table.terms]);
  });
  const auto finish = [&](std::size_t l, const Sums& sums) {
    if (of_all) std::copy_n(numbers.begin(), leaves_[l].numbers.size(), leaves_[l].numbers.begin());
    kernel_.at(rule_.settings(), leaves_[l].step, leaves_[l].numbers, sums, memory_.rule_scalars[l]);
  };
  blocks_.add_up(
      memory_.block_sums, table.terms, [&](const Block& block) { return of_all ? 0 : block.leaf; },
      [&](std::size_t unit, const Block&, const Sums& sums) {
        if (!of_all) return finish(unit, sums);
        for (std::size_t l = 0; l < leaves_.size(); ++l) finish(l, sums);
      });
}

// --- one block

template <class T>
void RulePass<T>::aim(const Block& block, const Tile<T>& tile, T* direction, Bench<T>& bench) const {
  const auto loop = kernel_.aim[isa_];
  blocks_.with_slots(block, tile, bench, [&](const Tile<T>& part, std::size_t begin) {
    loop(memory_.rule_scalars[block.leaf].bytes.data(), part, direction + begin);
  });
}

template <class T>
void RulePass<T>::sweep(const Block& block, const Tile<T>& tile, T scale, Bench<T>& bench) const {
  const auto loop = kernel_.sweep[isa_];
  blocks_.with_slots(block, tile, bench, [&](const Tile<T>& part, std::size_t) {
    loop(memory_.rule_scalars[block.leaf].bytes.data(), lr(), scale, part);
  });
}

template <class T>
void RulePass<T>::descend(const Tile<T>& tile, const T* direction) const {
  descend_loop<T>(how_.isa)(lr(), tile.size, tile.weight, direction);
}

template <class T>
void RulePass<T>::follow(const Block& block, const Tile<T>& tile) const {
  T* const shadow = leaves_[block.leaf].shadow;
  if (!shadow) return;
  const Follow::Formula<T> formula;
  table_of<Follow>().template kernel<T>().sweep[isa_](&formula, static_cast<T>(how_.shadow_share), T{1},
                                                      {shadow + block.begin, tile.weight, {}, tile.size});
}

// --- all blocks

template <class T>
void RulePass<T>::keep_gradients() const {
  make_room_for_directions();
  blocks_.on_all([&](std::size_t, const Block& block, const Tile<T>& at, Bench<T>& bench) {
    std::copy_n(links_.gradient(block, at, links_.before(), bench), block.count, kept(block));
  });
}

template <class T>
void RulePass<T>::turn(Mode to) const {
  Scalars scalars;
  kernel_.to(rule_.settings(), to, scalars);
  blocks_.on_all([&](std::size_t, const Block& block, const Tile<T>& at, Bench<T>& bench) {
    blocks_.with_slots(block, at, bench, [&](const Tile<T>& part, std::size_t) {
      kernel_.turn[isa_](scalars.bytes.data(), part);
    });
    blocks_.close(block, at);
  });
}

template class RulePass<float>;
template class RulePass<double>;

}  // namespace basin::kernels
