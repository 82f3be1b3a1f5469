#include "basin/kernels/matrix_pass.hpp"

namespace basin::kernels {

template <class T>
void MatrixPass<T>::move(const LinkPass<T>& links) const {
  lay_out();
  for (std::size_t l = 0; l < leaves_.size(); ++l)
    memory_.matrices[l].scale = links.multiplier({l, 0, 0, leaves_[l].tile.size});
  step();
}

template <class T>
void MatrixPass<T>::aim(const RulePass<T>& rule) const {
  const T* const weights = unpacked_weights();
  lay_out();
  for (std::size_t l = 0; l < leaves_.size(); ++l) {
    MatrixTile<T>& at = memory_.matrices[l];
    at.direction = rule.kept({l, 0, 0, 0});
    if (!at.tile.weight) at.tile.weight = const_cast<T*>(weights) + memory_.places[l].weight;  // x stays
  }
  step();
}

// All of them, where some are packed.
template <class T>
const T* MatrixPass<T>::unpacked_weights() const {
  if (!blocks_.any_packed()) return nullptr;
  memory_.unpacked.resize(blocks_.totals().weight);
  blocks_.on_all([&](std::size_t, const Block& block, const Tile<T>& at, Bench<T>&) {
    std::copy_n(at.weight, block.count, memory_.unpacked.data() + blocks_.place(block).weight + block.begin);
  });
  return memory_.unpacked.data();
}

template <class T>
void MatrixPass<T>::lay_out() const {
  memory_.matrices.clear();
  std::size_t gathered = 0;
  for (const Leaf<T>& leaf : leaves_) {
    const std::size_t rows = std::max<std::size_t>(leaf.rows, 1);
    memory_.matrices.push_back({leaf.tile, rows, leaf.tile.size / rows, leaf.rows == 0,
                                static_cast<T>(rule_.lr()), T{1}, nullptr, nullptr});
    gathered += rows + leaf.tile.size / rows;
  }
  memory_.gathered.resize(gathered);
  double* at = memory_.gathered.data();
  for (MatrixTile<T>& matrix : memory_.matrices) {
    matrix.gathered = at;
    at += matrix.rows + matrix.columns;
  }
}

template <class T>
void MatrixPass<T>::step() const {
  const auto step = rule_.table().template kernel<T>().matrix_step[static_cast<std::size_t>(how_.isa)];
  in_parts(leaves_.size(), blocks_.bytes(), 1, how_, [&](std::size_t begin, std::size_t end) {
    for (std::size_t l = begin; l < end; ++l)
      if (leaves_[l].tile.size > 0) step(rule_.settings(), leaves_[l].step, memory_.matrices[l]);
  });
}

template class MatrixPass<float>;
template class MatrixPass<double>;

}  // namespace basin::kernels
