// CIFAR's binary files, and files of one's own that are laid out like them.
//
// Layout   records: the label bytes, then each channel's plane, row by row
// Accepts  any size, one or three channels, one or more label bytes, of which the last counts: in CIFAR-100
//          it is the fine class. In a folder, the *.bin files: those with "test" in their name, and the
//          others
// Refuses  with FormatError a length that is not a number of records
// Cost     one pass that turns planes into pixels
#pragma once
#include <filesystem>
#include <span>

#include "basin/data/readers/labelled_images.hpp"

namespace basin::data {

struct CifarLayout {
  PictureShape shape{32, 32, 3};
  std::size_t label_bytes = 1;
  std::size_t record() const { return label_bytes + shape.bytes(); }
};

LabelledImages cifar_images(std::span<const std::uint8_t> bytes, const CifarLayout& layout = {});

// The files have one label byte (CIFAR-10) or two (CIFAR-100), whichever their length allows.
ImageFolder read_cifar_folder(const std::filesystem::path& folder);

}  // namespace basin::data
