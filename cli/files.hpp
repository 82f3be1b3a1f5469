// Places that the command writes to.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace basin::cli {

// Throws InputError unless a folder at `path` could be made, or is there and can be written to. Tried with a folder that
// is gone again at once: permissions do not tell of a disk that is read-only.
void check_writable(const std::filesystem::path& path);

// Throws InputError, which names the option, unless a file could be made or replaced there.
void check_file_place(const std::string& option, const std::filesystem::path& file);
// Throws InputError, which names the option, unless nothing is there, or a folder that is empty.
void check_new_folder(const std::string& option, const std::filesystem::path& folder);

struct NamedBytes {
  std::filesystem::path path;  // relative
  std::string bytes;
};

// Makes the folder with these files in it: written beside it and then renamed, so it is whole or not there. Throws Error.
void write_folder(const std::filesystem::path& folder, const std::vector<NamedBytes>& files);

}  // namespace basin::cli
