#include "basin/data/data_sets.hpp"

#include <algorithm>
#include <cstdlib>
#include <iterator>

#include "basin/core/error.hpp"
#include "basin/core/names.hpp"
#include "basin/data/decoded_cache.hpp"
#include "basin/storage/file.hpp"

namespace basin::data {
namespace {

namespace fs = std::filesystem;

// Returns the value of an environment variable; empty if it is unset.
fs::path environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

std::vector<fs::path> places(const std::string& name, const fs::path& package_folder,
                             const std::optional<fs::path>& data_dir) {
  std::vector<fs::path> roots{environment("BASIN_DATA"), cache_folder(), package_folder};
  if (data_dir) roots = {*data_dir};
  std::vector<fs::path> folders;
  for (const fs::path& root : roots)
    if (!root.empty()) folders.insert(folders.end(), {root, root / name});
  return folders;
}

void check_folder(const std::string& name, const std::optional<fs::path>& data_dir) {
  if (std::error_code none; data_dir && !fs::is_directory(*data_dir, none))
    throw InputError(name + ": " + data_dir->string() +
                     " is not a folder; name the folder that holds the data set");
}

std::vector<std::string> missing_files(const fs::path& folder, const Source& source) {
  std::vector<std::string> out;
  for (const std::string& file : {source.file, source.test_file})
    if (!file.empty() && !storage::is_there(folder / file)) out.push_back(file);
  return out;
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
  check_folder(set.name, data_dir);
  const std::vector<fs::path> folders = places(set.name, set.package_folder, data_dir);
  std::vector<std::string> fewest;
  for (const fs::path& folder : folders) {
    std::vector<std::string> missing = set.layout->missing(folder);
    if (missing.empty()) return folder;
    if (fewest.empty() || missing.size() < fewest.size()) fewest = std::move(missing);
  }
  throw InputError(set.name + ": found no " + listed(fewest) + " in " + listed(texts(folders)) + "; " +
                   advice(set, data_dir.has_value()));
}

fs::path locate_files(const std::string& name, const Source& source,
                      const std::optional<fs::path>& data_dir) {
  check_folder(name, data_dir);
  const std::vector<fs::path> folders = places(name, {}, data_dir);
  for (const fs::path& folder : folders)
    if (missing_files(folder, source).empty()) return folder;
  throw InputError(
      name + ": found no " + listed(missing_files({}, source)) + " in " + listed(texts(folders)) +
      (data_dir ? "; put them there" : "; put them into one of these, or name their folder with --data-dir"));
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
