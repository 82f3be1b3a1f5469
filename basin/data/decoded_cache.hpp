// Decoded copies of data sets whose archives take seconds to read, in the user's cache folder.
//
// Layout   CACHE/decoded/NAME.bin, NAME hashed from the archive's path, size and time: the block of the SharedSet, then
//          its CRC-32, u32 little-endian
// Promise  a copy that is damaged, or that cannot be written, is as none: the archive is read again
#pragma once
#include <filesystem>
#include <optional>

#include "basin/data/shared.hpp"

namespace basin::data {

// $XDG_CACHE_HOME/basin, else ~/.cache/basin; empty where neither is set.
std::filesystem::path cache_folder();

// The copy of what was decoded from `archive` as it is now.
std::optional<SharedSet> decoded_copy(const std::filesystem::path& archive);
// Keeps one for the next time.
void keep_decoded(const std::filesystem::path& archive, const SharedSet& set);

}  // namespace basin::data
