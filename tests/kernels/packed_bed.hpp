// One parameter in 16 bits with slots in float, optimised by a chain without libtorch; and its twin in float.
#pragma once
#include <string_view>

#include "basin/kernels/storage.hpp"
#include "tests/kernels/bed.hpp"

namespace basin::kernels {

using Half = std::uint16_t;

struct PackedBed {
  PackedBed(std::string_view text, Format f, std::size_t n)
      : chain(Chain::parse(text)), format(f), weights(n), gradients(n) {
    slots.assign(chain.rule.slot_count(), std::vector<float>(n));
    for (std::size_t i = 0; i < slots.size(); ++i)
      std::ranges::fill(slots[i], static_cast<float>(chain.rule.initial(i)));
    numbers.assign(chain.rule.table().numbers, 1.0);
    Stream random(1, 0, "weights");
    std::vector<float> start(n);
    for (float& v : start) v = static_cast<float>(random.uniform() - 0.5);
    pack(format, best_isa(), n, start.data(), weights.data());
    for (std::size_t i = 0; i < slots.size(); ++i)
      if (chain.rule.table().starts_as_weight(i))
        unpack(format, best_isa(), n, weights.data(), slots[i].data());
  }
  void draw_gradients(Step t) {
    Stream random(2, 0, "gradients", static_cast<std::uint64_t>(t));
    std::vector<float> values(gradients.size());
    for (float& v : values) v = static_cast<float>(random.uniform() - 0.4);
    pack(format, best_isa(), values.size(), values.data(), gradients.data());
  }
  Leaf<float> leaf(Step t) {
    Leaf<float> out{{nullptr, nullptr, {}, weights.size()}, t};
    for (std::size_t i = 0; i < slots.size(); ++i) out.tile.slots[i] = slots[i].data();
    out.numbers = numbers;
    out.rows = 7;
    out.packed = {format, weights.data(), gradients.data()};
    return out;
  }
  void step(Step t, const Execution& how = {}) {
    const Leaf<float> only = leaf(t);
    driver.step(chain, {&only, 1}, how);
  }
  // Takes the same step on a copy in float, then rounds.
  void step_in_float(Step t) {
    std::vector<float> x(weights.size()), g(weights.size());
    unpack(format, best_isa(), x.size(), weights.data(), x.data());
    unpack(format, best_isa(), g.size(), gradients.data(), g.data());
    Leaf<float> wide = leaf(t);
    wide.packed = {};
    wide.tile.weight = x.data();
    wide.tile.gradient = g.data();
    driver.step(chain, {&wide, 1}, {});
    pack(format, best_isa(), x.size(), x.data(), weights.data());
  }

  Chain chain;
  Format format;
  std::vector<Half> weights, gradients;
  std::vector<std::vector<float>> slots;
  std::vector<double> numbers;
  Driver<float> driver;
};

}  // namespace basin::kernels
