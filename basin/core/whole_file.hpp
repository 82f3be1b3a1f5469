// Writes files completely or not at all.
#pragma once
#include <filesystem>
#include <string_view>

namespace basin {

// Returns a path beside `path`, PATH.0123456789abcdef.part, for a file that is renamed to `path` when
// complete. No other call returns the same path, in any thread, process or host, so nobody else writes there.
std::filesystem::path unfinished(const std::filesystem::path& path);

// Replaces `path`. A reader sees the old bytes or the new ones, never a part, even after a power loss. Throws
// Error.
void write_atomically(const std::filesystem::path& path, std::string_view bytes);

}  // namespace basin
