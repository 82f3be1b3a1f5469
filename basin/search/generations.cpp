#include "basin/search/generations.hpp"

#include <algorithm>

#include "basin/search/ranking.hpp"

namespace basin::search {

std::vector<std::span<const Observation>> complete_generations(std::span<const Observation> earlier,
                                                               std::size_t first, std::size_t size) {
  std::vector<std::span<const Observation>> out;
  for (std::size_t at = first; at + size <= earlier.size(); at += size) {
    const auto generation = earlier.subspan(at, size);
    if (!std::ranges::all_of(generation, is_finished)) break;
    out.push_back(generation);
  }
  return out;
}

}  // namespace basin::search
