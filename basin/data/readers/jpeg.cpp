#include "basin/data/readers/jpeg.hpp"

// clang-format off: jpeglib.h needs what stands before it
#include <cstddef>
#include <cstdio>
#include <jpeglib.h>
#include <jerror.h>
// clang-format on

#include <array>
#include <csetjmp>
#include <string>
#include <vector>

#include "basin/core/error.hpp"
#include "basin/data/readers/place.hpp"

namespace basin::data {
namespace {

// libjpeg leaves a call that fails by longjmp, over its own frames and those of `Jpeg`'s functions that call
// setjmp. These have no object to destroy; what has one is outside of them.
class Jpeg {
 public:
  explicit Jpeg(std::span<const std::uint8_t> bytes) {
    decoder_.err = jpeg_std_error(&errors_);
    errors_.error_exit = leave;
    errors_.emit_message = warn;
    decoder_.client_data = this;
    if (!begin(bytes.data(), bytes.size())) refuse();
    if (std::size_t{decoder_.image_width} * decoder_.image_height > most_pixels)
      throw_away("at most " + std::to_string(most_pixels) + " pixels",
                 std::to_string(decoder_.image_width) + "x" + std::to_string(decoder_.image_height));
    if (decoder_.num_components != 1 && decoder_.num_components != 3)
      throw_away("grey or colour", std::to_string(decoder_.num_components) + " channels; save it as RGB");
  }
  Jpeg(const Jpeg&) = delete;
  Jpeg& operator=(const Jpeg&) = delete;
  ~Jpeg() { jpeg_destroy_decompress(&decoder_); }

  PictureShape shape() const {
    return {decoder_.image_height, decoder_.image_width, decoder_.num_components};
  }

  std::vector<std::uint8_t> pixels() {
    std::vector<std::uint8_t> out(shape().bytes());
    if (!read(out.data(), decoder_.image_width * static_cast<std::size_t>(decoder_.num_components))) refuse();
    return out;
  }

 private:
  bool begin(const std::uint8_t* bytes, std::size_t size) {
    if (setjmp(back_)) return false;
    jpeg_create_decompress(&decoder_);
    jpeg_mem_src(&decoder_, bytes, size);
    jpeg_read_header(&decoder_, TRUE);
    return true;
  }

  bool read(std::uint8_t* out, std::size_t row_bytes) {
    if (setjmp(back_)) return false;
    decoder_.out_color_space = decoder_.num_components == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_start_decompress(&decoder_);
    while (decoder_.output_scanline < decoder_.output_height) {
      JSAMPROW row = out + decoder_.output_scanline * row_bytes;
      jpeg_read_scanlines(&decoder_, &row, 1);
    }
    jpeg_finish_decompress(&decoder_);
    return true;
  }

  static Jpeg& of(j_common_ptr decoder) { return *static_cast<Jpeg*>(decoder->client_data); }

  [[noreturn]] static void leave(j_common_ptr decoder) {
    Jpeg& self = of(decoder);
    decoder->err->format_message(decoder, self.message_.data());
    std::longjmp(self.back_, 1);
  }

  // libjpeg only warns of damage, and goes on with grey. Bytes between two parts of a file are harmless.
  static void warn(j_common_ptr decoder, int level) {
    if (level < 0 && decoder->err->msg_code != JWRN_EXTRANEOUS_DATA) leave(decoder);
  }

  [[noreturn]] void throw_away(const std::string& wanted, const std::string& found) {
    jpeg_destroy_decompress(&decoder_);
    throw FormatError("JPEG", wanted, found);
  }
  [[noreturn]] void refuse() { throw_away("an undamaged picture", one_line(message_.data())); }

  jpeg_decompress_struct decoder_{};
  jpeg_error_mgr errors_{};
  std::jmp_buf back_;
  std::array<char, JMSG_LENGTH_MAX> message_{};
};

}  // namespace

PictureShape jpeg_shape(std::span<const std::uint8_t> bytes) { return Jpeg(bytes).shape(); }

Picture decode_jpeg(std::span<const std::uint8_t> bytes) {
  Jpeg jpeg(bytes);
  return {jpeg.shape(), jpeg.pixels()};
}

}  // namespace basin::data
