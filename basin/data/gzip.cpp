#include "basin/data/gzip.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <limits>
#include <new>
#include <string>

#include "basin/core/error.hpp"
#include "basin/storage/file.hpp"

namespace basin::data {
namespace {

constexpr std::size_t best_deflate_ratio = 1032;  // 258 bytes from 2 bits: zlib's technical notes

std::size_t limited(std::size_t n) { return std::min<std::size_t>(n, std::numeric_limits<uInt>::max()); }

// One gzip member that is inflated in pieces.
class Inflater {
 public:
  explicit Inflater(std::span<const std::uint8_t> bytes, std::size_t begin = 0)
      : rest_(bytes.subspan(begin)), size_(bytes.size()) {
    if (inflateInit2(&stream_, 16 + MAX_WBITS) != Z_OK) throw std::bad_alloc();
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() { inflateEnd(&stream_); }

  // Fills `out` as far as the member goes, and returns the number of bytes. Throws FormatError for damage.
  std::size_t read(std::span<std::uint8_t> out) {
    std::size_t done = 0;
    while (done < out.size() && !ended_) done += step(out.subspan(done));
    return done;
  }
  // The position in the compressed bytes.
  std::size_t offset() const { return size_ - rest_.size(); }
  bool ended() const { return ended_; }

  // As `read`, but returns what one step gives.
  std::size_t step(std::span<std::uint8_t> out) {
    stream_.next_in = const_cast<Bytef*>(rest_.data());
    stream_.avail_in = static_cast<uInt>(limited(rest_.size()));
    stream_.next_out = out.data();
    stream_.avail_out = static_cast<uInt>(limited(out.size()));
    const int status = inflate(&stream_, Z_NO_FLUSH);
    rest_ = rest_.subspan(static_cast<std::size_t>(stream_.next_in - rest_.data()));
    const auto wrote = static_cast<std::size_t>(stream_.next_out - out.data());
    ended_ = status == Z_STREAM_END;
    if (ended_ || status == Z_OK) return wrote;
    if (status == Z_MEM_ERROR) throw std::bad_alloc();
    if (status == Z_BUF_ERROR)
      throw FormatError(offset(), "more gzip data", "the end of the file" + std::string(storage::cut_short));
    throw FormatError(offset(), "valid gzip data", stream_.msg ? stream_.msg : "damage");
  }

 private:
  z_stream stream_{};
  std::span<const std::uint8_t> rest_;
  std::size_t size_;
  bool ended_ = false;
};

IdxHeader header_within(std::span<const std::uint8_t> inflated) {
  try {
    return parse_idx_header(inflated);
  } catch (const FormatError& e) {
    throw FormatError("inflated", e);
  }
}

std::string items_text(std::size_t items) { return std::to_string(items) + " items, as its IDX header says"; }

// Appends the member of `file` at `begin` to `out`, and returns where it ends.
std::size_t inflate_member(std::span<const std::uint8_t> file, std::size_t begin,
                           std::vector<std::uint8_t>& out, std::size_t limit) {
  Inflater gzip(file, begin);
  std::size_t size = out.size();
  while (!gzip.ended()) {
    // Room as for a text, then twice as much whenever it is full, and one byte more than the limit at most.
    const std::size_t room = std::max(size + 4 * (file.size() - begin), 2 * size);
    out.resize(std::min(room, limit) + 1);
    size += gzip.read(std::span(out).subspan(size));
    if (size > limit)
      throw FormatError(gzip.offset(), "at most " + std::to_string(limit) + " bytes when inflated", "more");
  }
  out.resize(size);
  return gzip.offset();
}

std::vector<std::uint8_t> inflate_idx(std::span<const std::uint8_t> file) {
  Inflater gzip(file);
  std::vector<std::uint8_t> idx(largest_idx_header);
  const std::size_t begun = gzip.read(idx);
  const IdxHeader header = header_within(std::span(idx).first(begun));
  if (header.items / best_deflate_ratio > file.size())
    throw FormatError(file.size(), items_text(header.items),
                      "a file too short to hold them" + std::string(storage::cut_short));

  const std::size_t total = header.bytes + header.items;
  idx.resize(std::max(total, begun) + 1);  // one more byte, to detect one too many
  const std::size_t size = begun + gzip.read(std::span(idx).subspan(begun));
  if (size > total) throw FormatError(gzip.offset(), items_text(header.items), "more");
  if (size < total) throw FormatError(gzip.offset(), items_text(header.items), size - header.bytes);
  if (gzip.offset() < file.size())
    throw FormatError(gzip.offset(), "the end of the file",
                      std::to_string(file.size() - gzip.offset()) + " bytes more");
  idx.resize(total);
  return idx;
}

}  // namespace

bool is_gzip(std::span<const std::uint8_t> bytes) {
  return bytes.size() >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b;
}

std::vector<std::uint8_t> inflated_idx(std::vector<std::uint8_t> file) {
  if (is_gzip(file)) return inflate_idx(file);
  return file;
}

std::vector<std::uint8_t> inflated(std::vector<std::uint8_t> file, std::size_t limit) {
  if (!is_gzip(file)) return file;
  std::vector<std::uint8_t> out;
  std::size_t at = 0;
  do {
    at = inflate_member(file, at, out, limit);
    while (at < file.size() && file[at] == 0) ++at;
    if (at < file.size() && !is_gzip(std::span(file).subspan(at)))
      throw FormatError(at, "the end of the file", std::to_string(file.size() - at) + " bytes more");
  } while (at < file.size());
  return out;
}

std::vector<std::uint8_t> inflated_beginning(std::span<const std::uint8_t> beginning, std::size_t count) {
  if (!is_gzip(beginning))
    return {beginning.begin(), beginning.begin() + std::ptrdiff_t(std::min(count, beginning.size()))};
  std::vector<std::uint8_t> out(count);
  std::size_t size = 0;
  try {
    Inflater gzip(beginning);
    while (size < count && !gzip.ended()) size += gzip.step(std::span(out).subspan(size));
  } catch (const FormatError&) {  // cut off, as a beginning is
  }
  out.resize(size);
  return out;
}

IdxHeader peek_idx(std::span<const std::uint8_t> beginning) {
  if (!is_gzip(beginning)) return parse_idx_header(beginning);
  std::array<std::uint8_t, largest_idx_header> idx;
  const std::size_t size = Inflater(beginning).read(idx);
  return header_within(std::span(idx).first(size));
}

}  // namespace basin::data
