// A tensor as a matrix, on any device, with the passes of kernels/matrix.hpp for a rule over matrices.
#pragma once
#include <array>

#include "basin/core/rule.hpp"
#include "basin/optim/tensor_step.hpp"
#include "basin/optim/tensor_value.hpp"

namespace basin::optim {

// Row and column slots have size 1 where they do not extend, so that libtorch broadcasts them.
template <MatrixRule R>
class TensorMatrix {
 public:
  using Number = double;
  TensorMatrix(const TensorLeaf& leaf, const Value& gradient)
      : x_{leaf.weight}, g_(gradient), slots_(cells(leaf, std::make_index_sequence<R::slots.size()>())) {}
  bool one_row() const { return x_.tensor.dim() < 2; }
  const Value& direction() const { return u_; }

  void gather_means(const auto& f) {
    const at::Tensor values = value_of(f).tensor.to(at::kDouble);
    rows_ = one_row() ? values.mean().expand_as(slot_of(Extent::row)) : values.mean(others(), true);
    columns_ = one_row() ? values : values.mean(0, true);
  }
  void gather_maxima(const auto& f) {
    const at::Tensor values = value_of(f).tensor;
    rows_ = one_row() ? values.max().expand_as(slot_of(Extent::row)) : values.amax(others(), true);
    columns_ = one_row() ? values : values.amax(0, true);
  }
  template <std::size_t I>
  void follow(double take) {
    at::Tensor& slot = slots_[I].tensor;
    slot.copy_(slot * (1 - take) + gathered<I>().to(slot.scalar_type()) * take);
  }
  template <std::size_t I>
  void take() {
    slots_[I].tensor.copy_(gathered<I>());
  }
  template <std::size_t I>
  double mean_of() const {
    return slots_[I].tensor.mean(at::kDouble).template item<double>();
  }
  double mean(const auto& f) { return value_of(f).tensor.mean(at::kDouble).template item<double>(); }
  void direct(const auto& f) { u_ = value_of(f); }

 private:
  // The dimensions that a row extends in.
  std::vector<std::int64_t> others() const {
    std::vector<std::int64_t> out;
    for (std::int64_t d = 1; d < x_.tensor.dim(); ++d) out.push_back(d);
    return out;
  }
  const at::Tensor& slot_of(Extent extent) const {
    return slots_[static_cast<std::size_t>(std::ranges::find(R::extents, extent) - R::extents.begin())]
        .tensor;
  }
  template <std::size_t I>
  const at::Tensor& gathered() const {
    return R::extents[I] == Extent::row ? rows_ : columns_;
  }
  Value value_of(const auto& f) {
    return [&]<std::size_t... I>(std::index_sequence<I...>) -> Value {
      return f(x_, g_, slots_[I]...);
    }(std::make_index_sequence<R::slots.size()>());
  }

  // Constructed in place: a copy of a cell is a separate tensor.
  template <std::size_t... I>
  static std::array<Cell, sizeof...(I)> cells(const TensorLeaf& leaf, std::index_sequence<I...>) {
    return {Cell(leaf.slots[I])...};
  }

  Value x_, g_, u_;
  std::array<Cell, R::slots.size()> slots_;
  at::Tensor rows_, columns_;
};

}  // namespace basin::optim
