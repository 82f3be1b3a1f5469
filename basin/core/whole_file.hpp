// Files that are written whole or not at all.
#pragma once
#include <filesystem>
#include <string_view>

namespace basin {

// A path beside `path`, PATH.0123456789abcdef.part, for what is renamed to `path` when it is whole. No other call gets the
// same one, in another thread, process or host, so who writes there writes alone.
std::filesystem::path unfinished(const std::filesystem::path& path);

// Replaces `path`: a reader, and a power loss, see the old bytes or the new ones, never a part. Throws Error.
void write_atomically(const std::filesystem::path& path, std::string_view bytes);

}  // namespace basin
