// JPEG, decoded by libjpeg-turbo.
#pragma once
#include "basin/data/readers/picture.hpp"

namespace basin::data {

PictureShape jpeg_shape(std::span<const std::uint8_t> bytes);
Picture decode_jpeg(std::span<const std::uint8_t> bytes);

}  // namespace basin::data
