#include "basin/data/readers/png.hpp"

#include <png.h>

#include <string>
#include <vector>

#include "basin/core/error.hpp"
#include "basin/data/readers/place.hpp"

namespace basin::data {
namespace {

class Png {
 public:
  explicit Png(std::span<const std::uint8_t> bytes) {
    image_.version = PNG_IMAGE_VERSION;
    check(png_image_begin_read_from_memory(&image_, bytes.data(), bytes.size()));
    if (std::size_t{image_.width} * image_.height > most_pixels)
      throw FormatError(16, "at most " + std::to_string(most_pixels) + " pixels",
                        std::to_string(image_.width) + "x" + std::to_string(image_.height));
    image_.flags |= PNG_IMAGE_FLAG_16BIT_sRGB;  // as other programs take such files
  }
  Png(const Png&) = delete;
  Png& operator=(const Png&) = delete;
  ~Png() { png_image_free(&image_); }

  PictureShape shape() const {
    return {image_.height, image_.width, image_.format & PNG_FORMAT_FLAG_COLOR ? 3 : 1};
  }

  std::vector<std::uint8_t> pixels() {
    const PictureShape to = shape();
    std::vector<std::uint8_t> out(to.bytes());
    image_.format = to.channels == 3 ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY;
    const png_color white{255, 255, 255};
    check(png_image_finish_read(&image_, &white, out.data(), 0, nullptr));
    return out;
  }

 private:
  void check(int done) const {
    if (!done || (image_.warning_or_error & PNG_IMAGE_ERROR))
      throw FormatError("PNG", "an undamaged picture", one_line(image_.message));
  }

  png_image image_{};
};

}  // namespace

PictureShape png_shape(std::span<const std::uint8_t> bytes) { return Png(bytes).shape(); }

Picture decode_png(std::span<const std::uint8_t> bytes) {
  Png png(bytes);
  return {png.shape(), png.pixels()};
}

}  // namespace basin::data
