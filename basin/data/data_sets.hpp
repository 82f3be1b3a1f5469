// The list of known data sets, and where basin looks for their files.
//
// To add a set, add a file in sets/ and a line in `data_sets`. The first place that has the whole set wins:
//
//   an explicit folder        is the only place searched
//   otherwise                 $BASIN_DATA; $XDG_CACHE_HOME/basin (or ~/.cache/basin); the folder of Debian's
//                             package
//
// In each place, the folder itself and its subfolder with the set's name are searched.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "basin/data/sets/cifar_10.hpp"
#include "basin/data/sets/fashion_mnist.hpp"
#include "basin/data/sets/mnist.hpp"
#include "basin/data/source.hpp"

namespace basin::data {

inline std::vector<DataSet> data_sets() { return {fashion_mnist(), mnist(), cifar_10()}; }

// Throws InputError, "unknown data set 'mnst'; did you mean 'mnist'?".
DataSet data_set(std::string_view name);

// Returns the folder with all files of the set. Throws InputError that says which file of which set is
// missing, everywhere that was searched, and what to do.
std::filesystem::path locate(const DataSet& set, const std::optional<std::filesystem::path>& data_dir = {});

// Returns the folder with the files of a set that a source names: `name` is also that of its folder. Searches
// as `locate` does, and throws as it does.
std::filesystem::path locate_files(const std::string& name, const Source& source,
                                   const std::optional<std::filesystem::path>& data_dir = {});

// Checks whether `load` should succeed: the files exist, and their headers and sizes fit. Takes some
// milliseconds; damage inside a compressed file shows only when it is loaded. Returns the number of records,
// if it shows without unpacking. Throws InputError.
std::optional<Counts> check_available(std::string_view name,
                                      const std::optional<std::filesystem::path>& data_dir = {});

// Loads the whole set, decoded and sealed. Throws InputError that names the set, the file and the offset.
SharedSet load(std::string_view name, const std::optional<std::filesystem::path>& data_dir = {});

}  // namespace basin::data
