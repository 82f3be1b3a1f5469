#include "basin/search/suggest.hpp"

#include <algorithm>

#include "basin/search/cells.hpp"
#include "basin/search/samplers/random.hpp"
#include "basin/search/unit.hpp"

namespace basin::search {
namespace {

bool is_new(const Point& point, std::span<const Observation> earlier) {
  return std::ranges::none_of(earlier, [&](const Observation& o) { return same(o.point, point); });
}

// Returns a configuration that nobody has tried; nothing if there is none.
std::optional<Point> any_untried(const Space& space, std::span<const Observation> earlier, Stream& random) {
  const Cells cells(space, Cells::every_value);
  if (!cells.are_countable()) return std::nullopt;
  const Tried tried(earlier);
  const auto count = static_cast<std::uint64_t>(cells.count());
  const std::uint64_t key = random.next64(), steps = std::min<std::uint64_t>(count, earlier.size() + 1);
  for (std::uint64_t i = 0; i < steps; ++i)
    if (Point point = cells.at(shuffled(i, count, key)); !tried.contains(point)) return point;
  return std::nullopt;
}

}  // namespace

std::optional<Point> suggest(const Sampler& sampler, const Space& space, std::span<const Observation> earlier,
                             std::uint64_t seed, std::uint64_t number) {
  Stream random(seed, 0, "search", number);
  for (int attempt = 0; attempt < 5; ++attempt) {
    Point point = sampler.ask(space, earlier, seed, random);
    if (point.empty()) return std::nullopt;
    if (is_new(point, earlier)) return point;
  }
  for (int attempt = 0; attempt < 5; ++attempt)
    if (Point point = samplers::Random{}.ask(space, earlier, seed, random); is_new(point, earlier))
      return point;
  return any_untried(space, earlier, random);
}

}  // namespace basin::search
