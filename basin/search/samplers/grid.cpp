#include "basin/search/samplers/grid.hpp"

#include <cmath>

#include "basin/core/error.hpp"
#include "basin/search/cells.hpp"

namespace basin::search::samplers {

Point Grid::ask(const Space& space, std::span<const Observation> earlier, std::uint64_t seed, Stream&) const {
  const Cells cells(space, std::floor(levels));
  if (!cells.are_countable()) throw InputError("grid: it has more than 2^53 cells; take fewer levels");
  const Tried tried(earlier);
  const std::uint64_t key = Stream(seed, 0, "grid").next64();
  const auto count = static_cast<std::uint64_t>(cells.count());
  for (std::uint64_t i = 0; i < count; ++i)
    if (Point point = cells.at(shuffled(i, count, key)); !tried.contains(point)) return point;
  return {};
}

}  // namespace basin::search::samplers
