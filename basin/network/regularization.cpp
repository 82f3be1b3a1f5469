#include "basin/network/regularization.hpp"

#include <algorithm>

#include "basin/core/settings_text.hpp"

namespace basin::nn {
namespace {

// Sets the probability of every layer that has one. Returns whether there was any.
bool set_dropout(std::vector<Layer>& layers, double p) {
  bool found = false;
  for (Layer& layer : layers) {
    std::visit(
        [&]<class L>(L& what) {
          if constexpr (requires { what.probability; }) what.probability = p, found = true;
        },
        layer.what);
    if (set_dropout(layer.inside, p)) found = true;
  }
  return found;
}

}  // namespace

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
  if (p < 0 || set_dropout(layers, p)) return layers;
  const auto last =
      std::find_if(layers.rbegin(), layers.rend(), [](const Layer& l) { return l.is<layers::Linear>(); });
  if (last == layers.rend())
    throw InputError("regularize: dropout goes before the last linear layer, and this network has none");
  const Layer dropout{.what = layers::Dropout{p}, .in = last->in, .out = last->in};
  layers.insert(std::prev(last.base()), dropout);
  return layers;
}

}  // namespace basin::nn
