// Files that are written whole or not at all.
#pragma once
#include <filesystem>
#include <string_view>

namespace basin {

// Replaces `path`: a reader, and a power loss, see the old bytes or the new ones, never a part. Throws Error.
void write_atomically(const std::filesystem::path& path, std::string_view bytes);

}  // namespace basin
