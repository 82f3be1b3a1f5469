// Files and folders that the command writes.
#pragma once
#include <filesystem>
#include <string_view>

namespace basin::cli {

// Replaces `path` as a whole: a reader, and a power loss, see the old text or the new one, never a part. Throws Error.
void write_atomically(const std::filesystem::path& path, std::string_view text);

// Throws InputError unless a folder at `path` could be made, or is there and can be written to. Tried with a folder that
// is gone again at once: permissions do not tell of a disk that is read-only.
void check_writable(const std::filesystem::path& path);

}  // namespace basin::cli
