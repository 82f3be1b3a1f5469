#include "basin/kernels/link_pass.hpp"

#include <cstring>

namespace basin::kernels {

template <class T>
LinkPass<T>::LinkPass(StepMemory<T>& memory, const Chain& chain, std::span<const Leaf<T>> leaves,
                      const Execution& how)
    : memory_(memory), chain_(chain), leaves_(leaves), isa_(static_cast<std::size_t>(how.isa)) {}

template <class T>
bool LinkPass<T>::any_sums_rows() const {
  const auto rows = [](const AnyLink& link) { return link.info().scope == Scope::row; };
  return std::ranges::any_of(chain_.before, rows) || std::ranges::any_of(chain_.after, rows);
}

template <class T>
bool LinkPass<T>::only_multiply() const {
  return chain_.after.empty() && std::ranges::all_of(chain_.before, [](const AnyLink& link) {
           return link.table().factor || link.table().skip;
         });
}

// --- scalars

template <class T>
void LinkPass<T>::make_scalars() {
  memory_.link_scalars.resize(size());
  for (std::size_t i = 0; i < size(); ++i) {
    if (sums(i)) continue;
    resize(i, leaves_.size());
    for (std::size_t l = 0; l < leaves_.size(); ++l) make_scalars(i, l, leaves_[l], {});
  }
}

template <class T>
bool LinkPass<T>::make_scalars(std::size_t i, std::size_t unit, const Leaf<T>& leaf, const Sums& sums) {
  const AnyLink& link = (*this)[i];
  if (link.table().skip) return !link.table().skip(link.settings(), sums);
  link.table().template kernel<T>().at(link.settings(), leaf.step, leaf.number, sums,
                                       memory_.link_scalars[i][unit]);
  return true;
}

template <class T>
std::size_t LinkPass<T>::unit_of(std::size_t i, const Block& block) const {
  const auto scope = (*this)[i].info().scope;
  if (scope == Scope::all) return 0;
  return scope == Scope::row ? memory_.places[block.leaf].row + block.row : block.leaf;
}

// --- one block

template <class T>
T LinkPass<T>::multiplier(const Block& block) const {
  T product{1};
  for (std::size_t i = 0; i < before(); ++i) {
    if (!(*this)[i].table().factor) continue;
    T factor;
    std::memcpy(&factor, memory_.link_scalars[i][unit_of(i, block)].bytes.data(), sizeof factor);
    product *= factor;
  }
  return product;
}

template <class T>
LinkTile<T> LinkPass<T>::view(const Block& block, const Tile<T>& tile, const T* gradient,
                              T* direction) const {
  // A gradient that is not on the bench is only ever read: `gradient` copies before a link changes it.
  return {tile.weight, const_cast<T*>(gradient), direction, block.count,
          leaves_[block.leaf].first + block.begin};
}

template <class T>
const T* LinkPass<T>::gradient(const Block& block, const Tile<T>& tile, std::size_t count,
                               Bench<T>& bench) const {
  if (count == 0) return tile.gradient;
  T* const own = bench.gradient.data();
  if (tile.gradient != own) std::copy_n(tile.gradient, block.count, own);
  apply(0, count, view(block, tile, own, nullptr), block);
  return own;
}

template <class T>
void LinkPass<T>::apply(std::size_t first, std::size_t last, const LinkTile<T>& tile,
                        const Block& block) const {
  for (std::size_t i = first; i < last; ++i) {
    const LinkTable& table = (*this)[i].table();
    if (table.skip) continue;
    const std::size_t unit = table.info.scope ? unit_of(i, block) : block.leaf;
    table.kernel<T>().apply[isa_](memory_.link_scalars[i][unit].bytes.data(), tile);
  }
}

template <class T>
void LinkPass<T>::sum(std::size_t i, const LinkTile<T>& tile, double* sums) const {
  (*this)[i].table().template kernel<T>().sum[isa_](tile, sums);
}

template class LinkPass<float>;
template class LinkPass<double>;

}  // namespace basin::kernels
