#include "basin/network/initial_values.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "basin/network/fills.hpp"

namespace basin::nn {
namespace {

using Values = std::span<float>;

// Draws what the layer declares in the place of `default`, whose gain is 1 / sqrt 3 unless it was set.
bool draw_own(Values values, const Initial& initial, const Initializer& initializer, Stream& random) {
  if (initializer.name() != "default" || !(initial.bound || initial.sd)) return false;
  const double factor = initializer.knobs[0] * std::sqrt(3.0);
  std::ranges::generate(values, [&] {
    return static_cast<float>(factor * (initial.sd ? *initial.sd * standard(Draw::normal, random)
                                                   : *initial.bound * symmetric(random)));
  });
  return true;
}

void draw_block(Values values, const WeightShape& shape, bool transposed, const Initializer& initializer,
                Stream& random) {
  if (!transposed) return initializer.fill_weight(values, shape, random);
  std::vector<float> rows(values.size());
  initializer.fill_weight(rows, shape, random);
  const auto outputs = static_cast<std::size_t>(shape.outputs);
  const std::size_t inputs = values.size() / outputs;
  for (std::size_t o = 0; o < outputs; ++o)
    for (std::size_t i = 0; i < inputs; ++i) values[i * outputs + o] = rows[o * inputs + i];
}

void draw(Values values, const LayerParameter& parameter, const Initializer& initializer, Stream& random) {
  const Initial& initial = parameter.initial;
  if (!draw_own(values, initial, initializer, random)) {
    std::int64_t outputs = parameter.shape[0], inputs = parameter.shape[1];
    const std::int64_t area = parameter.weights / (outputs * inputs);
    if (initial.transposed) std::swap(outputs, inputs);
    const auto blocks = static_cast<std::size_t>(initial.blocks);
    const WeightShape shape{outputs / initial.blocks, inputs, area};
    const std::size_t size = values.size() / blocks;
    for (std::size_t b = 0; b < blocks; ++b)
      draw_block(values.subspan(b * size, size), shape, initial.transposed, initializer, random);
  }
  if (initial.scale == 1) return;
  for (float& value : values) value = static_cast<float>(initial.scale * static_cast<double>(value));
}

}  // namespace

void fill_initial(Values values, const LayerParameter& parameter, const Initializer& initializer,
                  Stream& random) {
  const Initial& initial = parameter.initial;
  switch (initial.kind) {
    case Initial::Kind::constant:
      std::ranges::fill(values, static_cast<float>(initial.number));
      return;
    case Initial::Kind::normal:
      std::ranges::generate(
          values, [&] { return static_cast<float>(initial.number * standard(Draw::normal, random)); });
      return;
    case Initial::Kind::drawn:
      return draw(values, parameter, initializer, random);
    case Initial::Kind::bias:
      if (initial.fan_in > 0) return initializer.fill_bias(values, initial.fan_in, random);
      std::ranges::fill(values, static_cast<float>(initializer.bias.value_or(0)));
  }
}

}  // namespace basin::nn
