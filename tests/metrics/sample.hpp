// Predictions for tests of metrics.
#pragma once
#include <cmath>

#include "basin/metrics/metrics.hpp"

namespace basin::metrics {

// Examples that own what Predictions points to.
struct Sample {
  std::vector<float> outputs;
  std::int64_t width = 1;
  std::vector<std::int64_t> classes = {};
  std::vector<float> values = {};

  // Rows `from` to `to`.
  Predictions part(std::size_t from, std::size_t to) const {
    const auto w = static_cast<std::size_t>(width);
    return {.outputs = std::span(outputs).subspan(from * w, (to - from) * w),
            .width = width,
            .classes = classes.empty() ? std::span<const std::int64_t>()
                                       : std::span(classes).subspan(from, to - from),
            .values = values.empty() ? std::span<const float>()
                                     : std::span(values).subspan(from * w, (to - from) * w)};
  }
  std::size_t rows() const { return outputs.size() / static_cast<std::size_t>(width); }
  Predictions all() const { return part(0, rows()); }
};

inline double value_of(std::string_view metric, const Sample& sample) {
  const auto gathering = begin(metric);
  gathering->add(sample.all());
  return gathering->value();
}

// Awkward enough that sums round: 300 rows of `width` outputs.
inline Sample awkward(Targets targets, std::int64_t width) {
  Sample out{.outputs = {}, .width = width};
  for (int i = 0; i < 300; ++i) {
    if (targets == Targets::classes) out.classes.push_back(i * i / 7 % std::max<std::int64_t>(width, 2));
    for (std::int64_t k = 0; k < width; ++k) {
      out.outputs.push_back(3 * std::sin(static_cast<float>(i * 3 + k * k)));
      if (targets == Targets::values)
        out.values.push_back(std::cos(static_cast<float>(i) * 0.7f) + static_cast<float>(k));
    }
  }
  return out;
}

}  // namespace basin::metrics
