// A data set: the shape of its records, and where and how its files lie on a disk.
#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "basin/data/shared.hpp"

namespace basin::data {

struct DataSet;

// How many records the files hold.
struct Counts {
  std::int64_t train = 0, test = 0;
};

// How the files of a set lie in a folder; shared by the sets that are published alike.
struct FileLayout {
  std::string_view files;  // what a folder must hold, for messages
  // The files that `folder` lacks; empty when the set is complete there.
  std::vector<std::string> (*missing)(const std::filesystem::path& folder);
  // Headers and sizes alone, in a few milliseconds; the counts where they tell. Throws InputError that names the file.
  std::optional<Counts> (*check)(const std::filesystem::path& folder, const DataSet& set);
  // Everything, decoded and sealed. Throws InputError that names the file.
  SharedSet (*load)(const std::filesystem::path& folder, const DataSet& set);
};

struct DataSet {
  std::string name;     // "fashion-mnist": also its folder's name
  std::string summary;  // one line
  std::int64_t height, width, channels, classes;
  std::int64_t train;       // records of the training files as they are published
  std::int64_t validation;  // of these, held out
  const FileLayout* layout;
  std::string package = {};  // Debian's package that brings it, where there is one
  std::filesystem::path package_folder = {};

  std::int64_t image_bytes() const { return height * width * channels; }
  // How many of `records` to hold out: `validation`, or the same share of files that were cut down.
  std::int64_t held_out(std::int64_t records) const {
    return records >= train ? validation : validation * records / train;
  }
};

}  // namespace basin::data
