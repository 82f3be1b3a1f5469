// The parameters that take a step, as the driver sees them: laid out before it, given back after it.
//
// A parameter or a gradient that the loops cannot read where it lies is copied into a dense tensor, and the
// parameter copied back. Kept from step to step, so that a step allocates nothing.
#pragma once
#include <torch/types.h>

#include <memory>
#include <utility>
#include <vector>

#include "basin/kernels/driver.hpp"
#include "basin/optim/sparse_rows.hpp"
#include "basin/optim/state.hpp"
#include "basin/optim/tensor_step.hpp"

namespace basin::optim {

class Shadow;

// The parameters of one kind, group after group.
template <class Leaf>
struct Leaves {
  std::vector<Leaf> leaves;
  std::vector<std::int64_t*> counts;     // of the steps of each leaf, or null
  std::vector<std::size_t> group_begin;  // in leaves, of each group

  void begin_group() { group_begin.push_back(leaves.size()); }
  void clear() { leaves.clear(), counts.clear(), group_begin.clear(); }
  std::span<Leaf> of_group(std::size_t g) {
    return std::span(leaves).subspan(group_begin[g], group_begin[g + 1] - group_begin[g]);
  }
};

template <class T>
struct Lane : Leaves<kernels::Leaf<T>> {
  kernels::Driver<T> driver;
};

class StepLayout {
 public:
  // Ends the group before, too: comes before each group and after the last.
  void begin_group();
  // One more parameter of the group: its `index` among all, its gradient, and its state, whose undefined
  // slots are made. `shadow`, where there is one, follows the parameter in the same pass if it can.
  //
  // Requires  check_parameter has accepted the parameter and the gradient
  // Throws    InputError for a slot that does not fit
  void add(std::size_t index, const torch::Tensor& parameter, const torch::Tensor& gradient,
           const kernels::Chain& chain, const StateView& state, const Shadow* shadow = nullptr);
  // Copies back what was copied, and clears.
  void give_back();
  void clear();

  // Calls visit(group, lane, leaves) for the leaves of each group that lie in one lane, if there are any.
  template <class Visit>
  void each_part(std::size_t groups, const Visit& visit) {
    for (std::size_t g = 0; g < groups; ++g) {
      if (const auto leaves = floats.of_group(g); !leaves.empty()) visit(g, floats, leaves);
      if (const auto leaves = doubles.of_group(g); !leaves.empty()) visit(g, doubles, leaves);
      if (const auto leaves = elsewhere.of_group(g); !leaves.empty()) visit(g, elsewhere, leaves);
    }
  }

  Lane<float> floats;
  Lane<double> doubles;
  Leaves<TensorLeaf> elsewhere;  // parameters that are not in this machine's memory

 private:
  void push_elsewhere(std::size_t index, const torch::Tensor& weight, const torch::Tensor& gradient,
                      const StateView& state);
  template <class T>
  void push_rows(Lane<T>& lane, std::size_t index, const torch::Tensor& weight, const torch::Tensor& gradient,
                 const StateView& state);

  std::vector<std::unique_ptr<RowSums>> rows_;  // of sparse gradients, by the parameter's index
  std::vector<torch::Tensor> kept_;             // gradients that had to be laid out anew
  std::vector<std::pair<torch::Tensor, torch::Tensor>>
      write_back_;  // strided parameters and their dense copies
};

}  // namespace basin::optim
