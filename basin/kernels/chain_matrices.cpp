// The step of a rule that goes over each tensor as a matrix: within a chain, of which it sees whole tensors.
#include "basin/kernels/chain_blocks.hpp"

namespace basin::kernels {

template <class T>
bool ChainStep<T>::any_packed() const {
  return std::ranges::any_of(leaves_,
                             [](const Leaf<T>& leaf) { return leaf.packed.format != Format::native; });
}

// Whether the rule can move the weights where they lie, and take all links along.
template <class T>
bool ChainStep<T>::moves_matrices() const {
  return only_multiplied() && !by_row_ && !any_packed();
}

template <class T>
void ChainStep<T>::move_matrices() {
  lay_out_matrices();
  for (std::size_t l = 0; l < leaves_.size(); ++l)
    memory_.matrices_[l].scale = multiplier({l, 0, 0, leaves_[l].tile.size});
  step_matrices();
  if (std::ranges::any_of(leaves_, [](const Leaf<T>& leaf) { return leaf.shadow != nullptr; }))
    on_blocks([&](std::size_t, const Block& block, const Tile<T>& at, Bench&) { follow(block, at); });
}

// Makes the direction of every weight where its gradient is kept.
template <class T>
void ChainStep<T>::aim_matrices() {
  keep_gradients();
  const T* const weights = unpacked_weights();
  lay_out_matrices();
  for (std::size_t l = 0; l < leaves_.size(); ++l) {
    MatrixTile<T>& at = memory_.matrices_[l];
    at.direction = kept({l, 0, 0, 0});
    if (!at.tile.weight) at.tile.weight = const_cast<T*>(weights) + memory_.places_[l].weight;  // x stays
  }
  step_matrices();
  aimed_ = true, applied_ = chain_.before.size();
}

// All of them, where some are packed.
template <class T>
const T* ChainStep<T>::unpacked_weights() {
  if (!any_packed()) return nullptr;
  memory_.unpacked_.resize(memory_.places_.back().weight);
  on_blocks([&](std::size_t, const Block& block, const Tile<T>& at, Bench&) {
    std::copy_n(at.weight, block.count,
                memory_.unpacked_.data() + memory_.places_[block.leaf].weight + block.begin);
  });
  return memory_.unpacked_.data();
}

template <class T>
void ChainStep<T>::lay_out_matrices() {
  memory_.matrices_.clear();
  std::size_t gathered = 0;
  for (const Leaf<T>& leaf : leaves_) {
    const std::size_t rows = std::max<std::size_t>(leaf.rows, 1);
    memory_.matrices_.push_back({leaf.tile, rows, leaf.tile.size / rows, leaf.rows == 0,
                                 static_cast<T>(chain_.rule.lr()), T{1}, nullptr, nullptr});
    gathered += rows + leaf.tile.size / rows;
  }
  memory_.gathered_.resize(gathered);
  double* at = memory_.gathered_.data();
  for (MatrixTile<T>& matrix : memory_.matrices_) {
    matrix.gathered = at;
    at += matrix.rows + matrix.columns;
  }
}

template <class T>
void ChainStep<T>::step_matrices() const {
  const auto step = chain_.rule.table().template kernel<T>().matrix_step[isa_];
  in_parts(leaves_.size(), bytes_of_step(), 1, how_, [&](std::size_t begin, std::size_t end) {
    for (std::size_t l = begin; l < end; ++l)
      if (leaves_[l].tile.size > 0) step(chain_.rule.settings(), leaves_[l].step, memory_.matrices_[l]);
  });
}

template bool ChainStep<float>::moves_matrices() const;
template bool ChainStep<double>::moves_matrices() const;
template void ChainStep<float>::move_matrices();
template void ChainStep<double>::move_matrices();
template void ChainStep<float>::aim_matrices();
template void ChainStep<double>::aim_matrices();

}  // namespace basin::kernels
