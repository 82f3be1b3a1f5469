// The list of pruners. One line here yields the name that people type, the row in `basin list`, and the
// tests.
#pragma once
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "basin/core/list.hpp"
#include "basin/search/pruners/asha.hpp"
#include "basin/search/pruners/hyperband.hpp"
#include "basin/search/pruners/median.hpp"
#include "basin/search/pruners/none.hpp"
#include "basin/search/pruners/patience.hpp"
#include "basin/search/pruners/percentile.hpp"
#include "basin/search/pruners/threshold.hpp"
#include "basin/search/pruners/wilcoxon.hpp"

namespace basin::search {
namespace pruners {

using All = List<None, Median, Percentile, Threshold, Patience, Asha, Hyperband, Wilcoxon>;

}  // namespace pruners

// Returns every pruner, in the order of the list.
const std::vector<pruners::Info>& pruner_infos();
// Makes a pruner from its name and settings: "median warmup 0.3, startup 10". Throws InputError for an
// unknown pruner, and as `parse_settings` does (core/settings_text.hpp).
std::unique_ptr<const Pruner> make_pruner(std::string_view text);

// Returns whether a trial belongs to the share that runs its whole schedule although the pruner would end it,
// so that the report can say how many of the pruned would have won. Depends on nothing but its arguments.
bool audited(std::uint64_t seed, int number, double share);

}  // namespace basin::search
