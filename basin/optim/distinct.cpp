#include "basin/optim/distinct.hpp"

#include <torch/types.h>

#include <algorithm>
#include <map>
#include <string>

#include "basin/core/error.hpp"

namespace basin::optim {
namespace {

struct Named {
  torch::Tensor parameter;
  std::string name;  // "parameter 2 of group 0"
};

std::map<const void*, std::vector<Named>> by_storage(
    const std::vector<torch::optim::OptimizerParamGroup>& groups) {
  std::map<const void*, std::vector<Named>> out;
  for (std::size_t g = 0; g < groups.size(); ++g)
    for (std::size_t i = 0; i < groups[g].params().size(); ++i) {
      const torch::Tensor& parameter = groups[g].params()[i];
      if (parameter.numel() == 0 || parameter.layout() != torch::kStrided) continue;
      out[parameter.storage().unsafeGetStorageImpl()].push_back(
          {parameter, "parameter " + std::to_string(i) + " of group " + std::to_string(g)});
    }
  return out;
}

// Finds which parameter holds each element of the whole storage, -1 for none.
void check_storage(const std::vector<Named>& parameters) {
  const auto elements = static_cast<std::int64_t>(parameters[0].parameter.storage().nbytes()) /
                        parameters[0].parameter.element_size();
  const torch::Tensor holder = torch::full({elements}, -1, torch::kInt32);
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const torch::Tensor& p = parameters[i].parameter;
    const torch::Tensor view = holder.as_strided(p.sizes(), p.strides(), p.storage_offset());
    if (const int other = view.max().item<int>(); other >= 0)
      throw InputError(parameters[i].name + " shares memory with " +
                       parameters[static_cast<std::size_t>(other)].name +
                       "; a weight can be optimized only once");
    view.fill_(static_cast<int>(i));
  }
}

// Uses libtorch's wording for a repeated parameter, and says which it is.
void check_each(const std::vector<torch::optim::OptimizerParamGroup>& groups) {
  std::map<const void*, std::string> seen;
  for (std::size_t g = 0; g < groups.size(); ++g)
    for (std::size_t i = 0; i < groups[g].params().size(); ++i) {
      const std::string name = "parameter " + std::to_string(i) + " of group " + std::to_string(g);
      const torch::Tensor& parameter = groups[g].params()[i];
      if (!parameter.defined()) throw InputError(name + " is an undefined tensor");
      const auto [other, is_new] = seen.emplace(parameter.unsafeGetTensorImpl(), name);
      if (!is_new)
        throw InputError("some parameters appear in more than one parameter group: " + name + " is " +
                         other->second);
    }
}

// If each dimension steps over everything that the smaller ones reach, no two elements meet. Most strides are
// like this.
bool strides_keep_apart(const torch::Tensor& tensor) {
  std::vector<std::pair<std::int64_t, std::int64_t>> dimensions;  // stride, size
  for (std::int64_t d = 0; d < tensor.dim(); ++d)
    if (tensor.size(d) > 1) dimensions.emplace_back(tensor.stride(d), tensor.size(d));
  std::ranges::sort(dimensions);
  std::int64_t reach = 0;
  for (const auto& [stride, size] : dimensions) {
    if (stride <= reach) return false;
    reach += (size - 1) * stride;
  }
  return true;
}

}  // namespace

bool overlaps_itself(const torch::Tensor& tensor) {
  if (tensor.numel() < 2 || tensor.is_non_overlapping_and_dense() || strides_keep_apart(tensor)) return false;
  torch::Tensor places = torch::zeros(tensor.sizes(), torch::kInt64);
  for (std::int64_t d = 0; d < tensor.dim(); ++d) {
    std::vector<std::int64_t> along(static_cast<std::size_t>(tensor.dim()), 1);
    along[static_cast<std::size_t>(d)] = tensor.size(d);
    places += (torch::arange(tensor.size(d)) * tensor.stride(d)).view(along);
  }
  return std::get<0>(at::_unique(places)).numel() < tensor.numel();
}

void check_distinct(const std::vector<torch::optim::OptimizerParamGroup>& groups) {
  const torch::NoGradGuard no_gradients;
  check_each(groups);
  for (const auto& [storage, parameters] : by_storage(groups))
    if (parameters.size() > 1) check_storage(parameters);
}

}  // namespace basin::optim
