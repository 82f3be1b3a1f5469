// Folders that the command writes.
#pragma once
#include <filesystem>

namespace basin::cli {

// Throws InputError unless a folder at `path` could be made, or is there and can be written to. Tried with a folder that
// is gone again at once: permissions do not tell of a disk that is read-only.
void check_writable(const std::filesystem::path& path);

}  // namespace basin::cli
