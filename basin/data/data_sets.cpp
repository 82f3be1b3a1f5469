#include "basin/data/data_sets.hpp"

#include <algorithm>
#include <cstdlib>
#include <iterator>

#include "basin/core/error.hpp"
#include "basin/core/names.hpp"
#include "basin/data/decoded_cache.hpp"

namespace basin::data {
namespace {

namespace fs = std::filesystem;

// Returns the value of an environment variable; empty if it is unset.
fs::path environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

std::vector<fs::path> places(const DataSet& set, const std::optional<fs::path>& data_dir) {
  std::vector<fs::path> roots{environment("BASIN_DATA"), cache_folder(), set.package_folder};
  if (data_dir) roots = {*data_dir};
  std::vector<fs::path> folders;
  for (const fs::path& root : roots)
    if (!root.empty()) folders.insert(folders.end(), {root, root / set.name});
  return folders;
}

std::string advice(const DataSet& set, bool explicit_folder) {
  const std::string files = "put " + std::string(set.layout->files);
  if (explicit_folder) return files + " there";
  if (!set.package.empty()) return "apt-get install " + set.package + ", or name the folder with --data-dir";
  return files + " into one of them, or name their folder with --data-dir";
}

std::vector<std::string> texts(const std::vector<fs::path>& paths) {
  std::vector<std::string> out;
  std::ranges::transform(paths, std::back_inserter(out), [](const fs::path& path) { return path.string(); });
  return out;
}

}  // namespace

DataSet data_set(std::string_view name) {
  std::vector<std::string> names;
  for (DataSet& set : data_sets()) {
    if (set.name == name) return set;
    names.push_back(set.name);
  }
  throw InputError(unknown("data set", name, names));
}

fs::path locate(const DataSet& set, const std::optional<fs::path>& data_dir) {
  if (std::error_code none; data_dir && !fs::is_directory(*data_dir, none))
    throw InputError(set.name + ": " + data_dir->string() +
                     " is not a folder; name the folder that holds the data set");
  const std::vector<fs::path> folders = places(set, data_dir);
  std::vector<std::string> fewest;
  for (const fs::path& folder : folders) {
    std::vector<std::string> missing = set.layout->missing(folder);
    if (missing.empty()) return folder;
    if (fewest.empty() || missing.size() < fewest.size()) fewest = std::move(missing);
  }
  throw InputError(set.name + ": found no " + listed(fewest) + " in " + listed(texts(folders)) + "; " +
                   advice(set, data_dir.has_value()));
}

std::optional<Counts> check_available(std::string_view name, const std::optional<fs::path>& data_dir) {
  const DataSet set = data_set(name);
  return set.layout->check(locate(set, data_dir), set);
}

SharedSet load(std::string_view name, const std::optional<fs::path>& data_dir) {
  const DataSet set = data_set(name);
  return set.layout->load(locate(set, data_dir), set);
}

}  // namespace basin::data
