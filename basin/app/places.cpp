#include "basin/app/places.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <nlohmann/json.hpp>

#include "basin/core/error.hpp"
#include "basin/core/whole_file.hpp"

namespace basin::app {
namespace fs = std::filesystem;
namespace {

fs::path folder_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

// Returns "logs" for "logs/": with a trailing slash it is the same folder.
fs::path without_slash(const fs::path& path) { return path.has_filename() ? path : path.parent_path(); }

}  // namespace

void check_writable(const fs::path& path) {
  fs::path there = path.empty() ? fs::path(".") : path;
  std::error_code error;
  while (!fs::exists(there, error) && there != folder_of(there)) there = folder_of(there);
  if (!fs::is_directory(there, error))
    throw InputError(fmt::format("{}: {} is not a folder", path.string(), there.string()));
  std::string probe = (there / ".basin-XXXXXX").string();
  if (::mkdtemp(probe.data()) == nullptr)
    throw InputError(fmt::format("{}: cannot write to {}: {}; give another folder with --out", path.string(),
                                 there.string(), std::strerror(errno)));
  ::rmdir(probe.c_str());
}

void check_file_place(const std::string& option, const fs::path& file) {
  std::error_code error;
  if (fs::is_directory(file, error))
    throw InputError(fmt::format("{}: {} is a folder; name a file", option, file.string()));
  const fs::path folder = folder_of(file);
  if (!fs::is_directory(folder, error))
    throw InputError(fmt::format("{}: there is no folder {}", option, folder.string()));
  if (::access(folder.c_str(), W_OK) != 0)
    throw InputError(
        fmt::format("{}: cannot write to {}: {}", option, folder.string(), std::strerror(errno)));
}

void check_new_folder(const std::string& option, const fs::path& folder) {
  std::error_code error;
  if (fs::exists(folder, error) && (!fs::is_directory(folder, error) || !fs::is_empty(folder, error)))
    throw InputError(fmt::format("{}: {} is there already; name a new folder", option, folder.string()));
  check_file_place(option, folder_of(without_slash(folder)) / "new");
}

void check_utf8(std::string_view option, const std::string& text) {
  try {
    [[maybe_unused]] const std::string written = nlohmann::json(text).dump();
  } catch (const nlohmann::json::exception&) {
    throw InputError(
        fmt::format("{}: '{}' is not UTF-8, and it is kept in JSON; take another name", option, text));
  }
}

void write_folder(const fs::path& folder, const std::vector<NamedBytes>& files) {
  const fs::path target = without_slash(folder), beside = unfinished(target);
  try {
    for (const NamedBytes& file : files) {
      fs::create_directories((beside / file.path).parent_path());
      write_atomically(beside / file.path, file.bytes);
    }
    fs::rename(beside, target);
  } catch (const fs::filesystem_error& error) {
    fs::remove_all(beside);
    throw Error(fmt::format("{}: cannot create it: {}", folder.string(), error.code().message()));
  } catch (...) {
    fs::remove_all(beside);
    throw;
  }
}

}  // namespace basin::app
