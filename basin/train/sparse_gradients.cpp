#include "basin/train/sparse_gradients.hpp"

#include <algorithm>

namespace basin::train {
namespace {

bool takes_sparse(const kernels::Chain& chain) {
  const auto acts_by_element = [](const kernels::AnyLink& link) {
    return !link.info().scope || link.info().scope == Scope::all;
  };
  return chain.rule.table().sparse && std::ranges::all_of(chain.before, acts_by_element) &&
         std::ranges::all_of(chain.after, acts_by_element);
}

}  // namespace

bool needs_dense_gradients(optim::Optimizer& optimizer, const nn::Regularization& r) {
  if (r.l1 > 0 || r.l2 > 0 || r.sam > 0 || r.asam > 0) return true;
  for (std::size_t g = 0; g < optimizer.param_groups().size(); ++g)
    if (!takes_sparse(optimizer.chain(g))) return true;
  return false;
}

void make_gradients_dense(std::vector<torch::Tensor>& parameters) {
  for (torch::Tensor& parameter : parameters)
    if (torch::Tensor& gradient = parameter.mutable_grad(); gradient.defined() && gradient.is_sparse())
      gradient = gradient.to_dense();
}

}  // namespace basin::train
