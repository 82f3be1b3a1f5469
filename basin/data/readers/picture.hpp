// A picture, decoded from PNG or JPEG.
//
// Layout   PNG and JPEG are told apart by their first bytes
// Accepts  grey and colour; palettes, 16 bits per channel (rounded to 8) and transparency (laid over white)
//          of PNG; baseline and progressive JPEG. The orientation in EXIF data is not followed
// Refuses  with FormatError: anything else, damage, a file cut short, JPEG in CMYK, and, before anything is
//          allocated, more than 2^26 pixels
// Cost     that of libpng and libjpeg-turbo: about 5 ns for a pixel
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace basin::data {

inline constexpr std::size_t most_pixels = std::size_t{1} << 26;

struct PictureShape {
  std::int64_t height = 0, width = 0, channels = 0;  // 1 channel: grey; 3: red, green, blue
  std::size_t bytes() const { return static_cast<std::size_t>(height * width * channels); }
  bool operator==(const PictureShape&) const = default;
};

struct Picture {
  PictureShape shape;
  std::vector<std::uint8_t> pixels;  // row by row, channels last
};

// Reads only the header.
PictureShape picture_shape(std::span<const std::uint8_t> bytes);
Picture decode_picture(std::span<const std::uint8_t> bytes);

// Returns the picture in another size: each pixel is the mean of the area that it covers, so that sides may
// be stretched; grey becomes colour by repetition, and colour grey by the weights of BT.601.
Picture resized(const Picture& picture, const PictureShape& shape);

}  // namespace basin::data
