#include "cli/files.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "basin/core/error.hpp"

namespace basin::cli {
namespace fs = std::filesystem;
namespace {

fs::path folder_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

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

}  // namespace basin::cli
