#include "basin/network/regularization.hpp"

#include <algorithm>

#include "basin/core/settings_text.hpp"

namespace basin::nn {

void check(const Regularization& regularization) {
  Regularization stated = regularization;
  if (stated.dropout == -1) stated.dropout = 0;
  checked(stated);
  if (stated.sam > 0 && stated.asam > 0) throw InputError("regularize: give either sam or asam");
}

Regularization parse_regularization(std::string_view text) {
  const auto out = parse_settings<Regularization>(text);
  check(out);
  return out;
}

std::vector<Layer> with_dropout(std::vector<Layer> layers, const Regularization& regularization) {
  const double p = regularization.dropout;
  if (p < 0) return layers;
  bool found = false;
  for (Layer& layer : layers)
    if (layer.kind == Kind::dropout) layer.probability = p, found = true;
  if (found) return layers;
  const auto last = std::ranges::find(layers.rbegin(), layers.rend(), Kind::linear, &Layer::kind);
  if (last == layers.rend())
    throw InputError("regularize: dropout goes before the last linear layer, and this network has none");
  const Layer dropout{.kind = Kind::dropout, .probability = p, .in = last->in, .out = last->in};
  layers.insert(std::prev(last.base()), dropout);
  return layers;
}

}  // namespace basin::nn
