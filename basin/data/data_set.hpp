// A data set: the shape of its records, and the location and layout of its files.
#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "basin/data/image_set.hpp"

namespace basin::data {

struct DataSet;

// The number of records in the files.
struct Counts {
  std::int64_t train = 0, test = 0;
};

// The layout of a set's files in a folder; shared by sets that are published alike.
struct FileLayout {
  std::string_view files;  // what a folder must contain, for messages
  // Returns the files that `folder` lacks; empty if the set is complete there.
  std::vector<std::string> (*missing)(const std::filesystem::path& folder);
  // Checks only headers and sizes, in a few milliseconds; returns the counts if these show. Throws InputError
  // that names the file.
  std::optional<Counts> (*check)(const std::filesystem::path& folder, const DataSet& set);
  // Loads everything, decoded and sealed. Throws InputError that names the file.
  SharedSet (*load)(const std::filesystem::path& folder, const DataSet& set);
};

struct DataSet {
  std::string name;     // also the name of its folder: "fashion-mnist"
  std::string summary;  // one line
  std::int64_t height, width, channels, classes;
  std::int64_t train;       // number of records in the published training files
  std::int64_t validation;  // number of these held out
  const FileLayout* layout;
  std::string package = {};  // the Debian package that provides it, if there is one
  std::filesystem::path package_folder = {};

  std::int64_t image_bytes() const { return height * width * channels; }
  // Returns how many of `records` to hold out: `validation`, or the same share if the files were cut down.
  std::int64_t held_out(std::int64_t records) const {
    return records >= train ? validation : validation * records / train;
  }
};

}  // namespace basin::data
