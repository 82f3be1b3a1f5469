// None: every trial runs its whole schedule.
#pragma once
#include "basin/search/pruner.hpp"

namespace basin::search::pruners {

struct None {
  static constexpr Info info{
      .name = "none", .title = "None", .help = "every trial runs its whole schedule", .paper = {}};
  static constexpr std::string_view name = info.name;
  BASIN_NO_KNOBS
  bool ends(const Curve&, std::span<const Curve>) const { return false; }
};
static_assert(Described<None>);

}  // namespace basin::search::pruners
