// Checks the places that something is written to, and writes folders.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace basin::app {

// Throws InputError unless `path` is, or could become, a writable folder. Tries it with a folder that is
// removed at once: permissions do not reveal a read-only disk.
void check_writable(const std::filesystem::path& path);

// Throws InputError, which names the option, unless a file could be created or replaced there.
void check_file_place(const std::string& option, const std::filesystem::path& file);
// Throws InputError, which names the option, unless nothing or only an empty folder is there.
void check_new_folder(const std::string& option, const std::filesystem::path& folder);

// Throws InputError, which names the option, for a name that is not UTF-8, which JSON requires.
void check_utf8(std::string_view option, const std::string& text);

struct NamedBytes {
  std::filesystem::path path;  // relative
  std::string bytes;
};

// Creates the folder with these files. It is written beside its place and then renamed, so it is complete or
// absent. Throws Error.
void write_folder(const std::filesystem::path& folder, const std::vector<NamedBytes>& files);

}  // namespace basin::app
