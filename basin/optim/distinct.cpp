#include "basin/optim/distinct.hpp"

#include <torch/types.h>

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

// Which of the parameters holds each element, -1 for none, over the whole storage.
void check_storage(const std::vector<Named>& parameters) {
  const auto elements = static_cast<std::int64_t>(parameters[0].parameter.storage().nbytes()) /
                        parameters[0].parameter.element_size();
  const torch::Tensor holder = torch::full({elements}, -1, torch::kInt32);
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const torch::Tensor& p = parameters[i].parameter;
    const torch::Tensor view = holder.as_strided(p.sizes(), p.strides(), p.storage_offset());
    if (const int other = view.max().item<int>(); other >= 0)
      throw InputError(parameters[i].name + " shares memory with " +
                       parameters[static_cast<std::size_t>(other)].name + "; a weight can be optimized once");
    view.fill_(static_cast<int>(i));
  }
}

}  // namespace

void check_distinct(const std::vector<torch::optim::OptimizerParamGroup>& groups) {
  const torch::NoGradGuard no_gradients;
  for (const auto& [storage, parameters] : by_storage(groups))
    if (parameters.size() > 1) check_storage(parameters);
}

}  // namespace basin::optim
