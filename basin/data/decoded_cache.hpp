// Decoded copies, in the user's cache folder, of data sets whose archives take seconds to read.
//
// Layout   CACHE/decoded/NAME.bin, NAME hashed from the archive's path, size and time: the block of the
//          SharedSet, then its CRC-32, u32 little-endian
// Promise  if a copy is damaged or cannot be written, the archive is read again
#pragma once
#include <filesystem>
#include <optional>

#include "basin/data/shared.hpp"

namespace basin::data {

// Returns $XDG_CACHE_HOME/basin, else ~/.cache/basin; empty if neither is set.
std::filesystem::path cache_folder();

// Returns the copy of what was decoded from `archive` in its current state.
std::optional<SharedSet> decoded_copy(const std::filesystem::path& archive);
// Stores a copy for the next time.
void keep_decoded(const std::filesystem::path& archive, const SharedSet& set);

}  // namespace basin::data
