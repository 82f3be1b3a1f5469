// The list of data sets that basin knows, and where their files are looked for.
//
// A new set is a file in sets/ and a line in `data_sets`. Places, the first that holds the whole set wins:
//
//   an explicit folder        is the only place looked in
//   otherwise                 $BASIN_DATA; $XDG_CACHE_HOME/basin (or ~/.cache/basin); the folder of Debian's package
//
// and of each, itself and its subfolder of the set's name.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "basin/data/sets/cifar_10.hpp"
#include "basin/data/sets/fashion_mnist.hpp"
#include "basin/data/sets/mnist.hpp"

namespace basin::data {

inline std::vector<DataSet> data_sets() { return {fashion_mnist(), mnist(), cifar_10()}; }

// Throws InputError, "unknown data set 'mnst'; did you mean 'mnist'?".
DataSet data_set(std::string_view name);

// The folder that holds all files of the set. Throws InputError that says which file of which set is missing,
// everywhere that was looked, and what to do.
std::filesystem::path locate(const DataSet& set, const std::optional<std::filesystem::path>& data_dir = {});

// Whether `load` can be expected to succeed: the files are there, their headers and sizes fit. Some
// milliseconds; damage inside a compressed file shows only when it is loaded. How many records there are, where that shows
// without unpacking. Throws InputError.
std::optional<Counts> check_available(std::string_view name,
                                      const std::optional<std::filesystem::path>& data_dir = {});

// The whole set, decoded and sealed. Throws InputError that names set, file and offset.
SharedSet load(std::string_view name, const std::optional<std::filesystem::path>& data_dir = {});

}  // namespace basin::data
