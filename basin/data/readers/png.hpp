// PNG, decoded by libpng's simplified interface, which has no longjmp.
#pragma once
#include "basin/data/readers/picture.hpp"

namespace basin::data {

PictureShape png_shape(std::span<const std::uint8_t> bytes);
Picture decode_png(std::span<const std::uint8_t> bytes);

}  // namespace basin::data
