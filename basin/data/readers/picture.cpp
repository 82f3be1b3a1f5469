#include "basin/data/readers/picture.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>
#include <utility>

#include "basin/core/error.hpp"
#include "basin/data/readers/jpeg.hpp"
#include "basin/data/readers/place.hpp"
#include "basin/data/readers/png.hpp"

namespace basin::data {
namespace {

bool is_png(std::span<const std::uint8_t> bytes) { return text_of(bytes).starts_with("\x89PNG\r\n\x1a\n"); }

void check_jpeg(std::span<const std::uint8_t> bytes) {
  if (text_of(bytes).starts_with("\xff\xd8\xff")) return;
  throw FormatError(0, "a PNG or JPEG picture", bytes.empty() ? "an empty file" : "something else");
}

// What a pixel of a line of `to` pixels covers of a line of `from`: the first one, and a share of each.
struct Cover {
  std::int64_t first;
  std::vector<double> shares;  // sum to 1
};

std::vector<Cover> covers(std::int64_t from, std::int64_t to) {
  std::vector<Cover> out;
  const double scale = static_cast<double>(from) / static_cast<double>(to);
  for (std::int64_t i = 0; i < to; ++i) {
    const double begin = static_cast<double>(i) * scale, end = begin + scale;
    Cover cover{std::min(static_cast<std::int64_t>(begin), from - 1), {}};
    for (std::int64_t at = cover.first; at < from && static_cast<double>(at) < end; ++at)
      cover.shares.push_back(
          (std::min(end, static_cast<double>(at + 1)) - std::max(begin, static_cast<double>(at))) / scale);
    out.push_back(std::move(cover));
  }
  return out;
}

// Adds the pixels of a line, `stride` values apart, by their shares.
double mean_of(const double* line, const Cover& cover, std::int64_t stride) {
  double sum = 0;
  for (std::size_t i = 0; i < cover.shares.size(); ++i)
    sum += cover.shares[i] * line[(cover.first + static_cast<std::int64_t>(i)) * stride];
  return sum;
}

std::vector<std::uint8_t> with_channels(const Picture& picture, std::int64_t channels) {
  if (picture.shape.channels == channels) return picture.pixels;
  std::vector<std::uint8_t> out;
  out.reserve(static_cast<std::size_t>(picture.shape.height * picture.shape.width * channels));
  if (channels == 3) {
    for (const std::uint8_t grey : picture.pixels) out.insert(out.end(), 3, grey);
  } else {
    for (std::size_t i = 0; i < picture.pixels.size(); i += 3) {
      const std::uint8_t* p = &picture.pixels[i];
      out.push_back(static_cast<std::uint8_t>((299 * p[0] + 587 * p[1] + 114 * p[2] + 500) / 1000));
    }
  }
  return out;
}

}  // namespace

PictureShape picture_shape(std::span<const std::uint8_t> bytes) {
  if (is_png(bytes)) return png_shape(bytes);
  check_jpeg(bytes);
  return jpeg_shape(bytes);
}

Picture decode_picture(std::span<const std::uint8_t> bytes) {
  if (is_png(bytes)) return decode_png(bytes);
  check_jpeg(bytes);
  return decode_jpeg(bytes);
}

Picture resized(const Picture& picture, const PictureShape& shape) {
  Picture out{shape, with_channels(picture, shape.channels)};
  const auto [height, width, channels] = picture.shape;
  if (height == shape.height && width == shape.width) return out;
  const std::vector<Cover> rows = covers(height, shape.height), columns = covers(width, shape.width);
  const std::int64_t c = shape.channels;
  std::vector<double> narrow(static_cast<std::size_t>(height * shape.width * c));  // columns first
  std::vector<double> line(static_cast<std::size_t>(width * c));
  for (std::int64_t y = 0; y < height; ++y) {
    std::copy_n(out.pixels.begin() + y * width * c, width * c, line.begin());
    for (std::int64_t x = 0; x < shape.width; ++x)
      for (std::int64_t k = 0; k < c; ++k)
        narrow[static_cast<std::size_t>((y * shape.width + x) * c + k)] =
            mean_of(line.data() + k, columns[static_cast<std::size_t>(x)], c);
  }
  out.pixels.assign(shape.bytes(), 0);
  const std::int64_t stride = shape.width * c;
  for (std::int64_t y = 0; y < shape.height; ++y)
    for (std::int64_t i = 0; i < stride; ++i)
      out.pixels[static_cast<std::size_t>(y * stride + i)] = static_cast<std::uint8_t>(std::lround(
          std::clamp(mean_of(narrow.data() + i, rows[static_cast<std::size_t>(y)], stride), 0.0, 255.0)));
  return out;
}

}  // namespace basin::data
