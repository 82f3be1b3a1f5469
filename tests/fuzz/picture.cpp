// Any bytes: refused, or a picture as large as its header says. Large ones are only measured, for the
// fuzzer's speed.
#include "basin/data/readers/picture.hpp"

#include "basin/core/error.hpp"
#include "tests/fuzz/require.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace basin::data;
  try {
    const PictureShape shape = picture_shape({data, size});
    require(shape.height > 0 && shape.width > 0, "a picture has pixels");
    require(shape.channels == 1 || shape.channels == 3, "grey or colour");
    if (shape.bytes() > 1'000'000) return 0;
    const Picture picture = decode_picture({data, size});
    require(picture.shape == shape && picture.pixels.size() == shape.bytes(), "as large as its header says");
    require(resized(picture, {3, 5, 3}).pixels.size() == 45, "it can be resized");
  } catch (const basin::FormatError&) {
  }
  return 0;
}
