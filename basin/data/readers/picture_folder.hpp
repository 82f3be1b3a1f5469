// A folder of pictures: one subfolder for each class, named by it; optionally train/ and test/ above them.
//
// Layout   FOLDER/CLASS/*.png, or FOLDER/train/CLASS/*.png and FOLDER/test/CLASS/*.png; PNG and JPEG by their
//          suffix, in subfolders of a class as well; validation/ and val/ beside train/ count to the training
//          pictures, for the split is made here
// Accepts  any number of classes, two or more; pictures of different sizes. Hidden files and files that are
//          no pictures by their suffix are passed over
// Refuses  with InputError that names the file or folder: a class without a picture, a test class that is not
//          one of training, pictures of other kinds (GIF, WebP, BMP, TIFF, HEIC), damaged ones
// Cost     one listing; to find the size, the headers; to decode, all files, one after the other
#pragma once
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "basin/data/readers/picture.hpp"

namespace basin::data {

struct PictureFiles {
  std::vector<std::filesystem::path> files;  // sorted by class, then by name
  std::vector<std::int32_t> labels;          // positions in the classes, one for a file
};

struct PictureFolder {
  std::vector<std::string> classes;  // sorted
  PictureFiles train, test;          // test: empty if the folder does not say
};

PictureFolder list_pictures(const std::filesystem::path& folder);

// Returns the most frequent height and width, the larger of two as frequent; one channel if all are grey.
PictureShape common_shape(std::span<const std::filesystem::path> files);

// Decodes the files into `pixels`, one after the other, each resized to `shape` where it has another
// (`resized`). Requires `shape.bytes()` for each file in `pixels`.
void read_pictures(std::span<const std::filesystem::path> files, const PictureShape& shape,
                   std::span<std::uint8_t> pixels);

}  // namespace basin::data
