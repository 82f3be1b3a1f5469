// IDX files of one's own: arrays of any type, and images with labels of any size and number of classes.
//
// Layout   big-endian: 0 0 type rank, `rank` u32 extents, the items; types 8 u8, 9 i8, 11 i16, 12 i32, 13
//          f32, 14 f64. Images: u8 of rank 3 (records, height, width) or 4 (with 1 or 3 channels last).
//          Labels: whole numbers of rank 1
// Accepts  rank 1 to 4; in a folder, a file with "images" and one with "labels" in its name, and a pair of
//          these with "test" or "t10k" besides; each plain or as .gz
// Refuses  with FormatError: any other type or length, labels below 0 or not as many as images; a folder
//          without such a pair, or with two
// Cost     one copy
#pragma once
#include <filesystem>
#include <span>

#include "basin/data/readers/array.hpp"
#include "basin/data/readers/labelled_images.hpp"

namespace basin::data {

Array idx_array(std::span<const std::uint8_t> bytes);
LabelledImages idx_images(std::span<const std::uint8_t> images, std::span<const std::uint8_t> labels);
ImageFolder read_idx_folder(const std::filesystem::path& folder);

}  // namespace basin::data
