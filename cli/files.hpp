// Files and folders that the command writes.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>

namespace basin::cli {

// Replaces `path` as a whole: a reader, and a power loss, see the old text or the new one, never a part.
// Throws Error.
void write_atomically(const std::filesystem::path& path, std::string_view text);

// What stands at the place where a study is to be written.
enum class Place { nothing, empty_folder, study, something_else };
Place look_at(const std::filesystem::path& folder);

// Throws InputError unless a folder at `path` could be made, or is there and can be written to. Changes
// nothing.
void check_writable(const std::filesystem::path& path);

// The first of runs/NAME-1, runs/NAME-2, ... that is not there yet.
std::filesystem::path new_run(const std::string& name);

inline constexpr const char* store_file = "study.db";

}  // namespace basin::cli
