#include "basin/train/class_weights.hpp"

#include <algorithm>
#include <numeric>

#include "basin/core/error.hpp"

namespace basin::train {
namespace {

constexpr std::int64_t at_once = 1000;

std::vector<std::int64_t> class_counts(Examples& examples, std::int64_t classes) {
  std::vector<std::int64_t> counts(static_cast<std::size_t>(std::max<std::int64_t>(classes, 2)));
  const std::int64_t all = check_count(examples, Part::train);
  for (std::int64_t begin = 0; begin < all; begin += at_once) {
    std::vector<std::uint32_t> positions(static_cast<std::size_t>(std::min(at_once, all - begin)));
    std::iota(positions.begin(), positions.end(), static_cast<std::uint32_t>(begin));
    const torch::Tensor targets = examples.gather(Part::train, positions).targets;
    if (targets.is_floating_point())
      throw InputError("balanced weighs classes, but the targets of these examples are values");
    const torch::Tensor own = targets.cpu().flatten().bincount({}, static_cast<std::int64_t>(counts.size()));
    counts.resize(static_cast<std::size_t>(own.numel()));
    for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += own.data_ptr<std::int64_t>()[i];
  }
  return counts;
}

}  // namespace

losses::Loss with_class_weights(const losses::Loss& loss, Examples& examples, std::int64_t classes) {
  if (!loss.balanced) return loss;
  return losses::resolved(loss, class_counts(examples, classes));
}

}  // namespace basin::train
