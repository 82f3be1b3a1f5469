#include "basin/data/made/adding.hpp"

#include <string>

#include "basin/core/error.hpp"

namespace basin::data {

MadeSequences adding(std::int64_t count, std::int64_t length, Stream random) {
  if (length < 2)
    throw InputError("the adding problem marks two steps, so its length must be 2 or more; found " +
                     std::to_string(length));
  MadeSequences out{.length = length, .width = 2};
  const auto half = static_cast<std::uint64_t>(length / 2), rest = static_cast<std::uint64_t>(length) - half;
  for (std::int64_t i = 0; i < count; ++i) {
    const std::uint64_t first = random.below(half), second = half + random.below(rest);
    double sum = 0;
    for (std::uint64_t t = 0; t < half + rest; ++t) {
      // 24 bits: a float holds them as they are, so that the value is the sum of what the network sees.
      const auto number = static_cast<float>(random.next64() >> 40) * 0x1p-24f;
      const bool marked = t == first || t == second;
      out.steps.insert(out.steps.end(), {number, marked ? 1.0f : 0.0f});
      if (marked) sum += number;
    }
    out.values.push_back(static_cast<float>(sum));
  }
  return out;
}

}  // namespace basin::data
