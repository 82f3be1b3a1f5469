#include "basin/network/layer_roles.hpp"

#include <optional>

namespace basin::nn {
namespace {

void add(std::vector<LayerParameter>& out, const Layer& layer) {
  for (const Weight& weight : layer.weights)
    out.push_back(
        {layer.name() + "_" + weight.suffix, weight.role, weight.count(), weight.shape, weight.initial});
  for (const Layer& inner : layer.inside) add(out, inner);
}

}  // namespace

std::vector<LayerParameter> parameters_of(const std::vector<Layer>& layers) {
  std::vector<LayerParameter> out;
  std::optional<std::size_t> head;
  for (const Layer& layer : layers) {
    if (layer.may_be_head()) head = out.size();
    add(out, layer);
  }
  if (head) out[*head].role = Role::head;
  return out;
}

}  // namespace basin::nn
