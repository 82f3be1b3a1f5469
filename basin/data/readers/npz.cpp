#include "basin/data/readers/npz.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <vector>

#include "basin/core/error.hpp"
#include "basin/data/readers/npy.hpp"
#include "basin/data/readers/place.hpp"

namespace basin::data {
namespace {

constexpr std::string_view suffix = ".npy";
constexpr std::size_t chunk = 1u << 16;

class Zip {
 public:
  Zip(std::span<const std::uint8_t> bytes, std::size_t limit)
      : reader_(archive_read_new()), left_(limit), limit_(limit) {
    if (!reader_) throw std::bad_alloc();
    archive_read_support_format_zip(reader_.get());
    check(archive_read_open_memory(reader_.get(), bytes.data(), bytes.size()));
  }

  // Returns the name of the next member; nothing after the last one.
  std::optional<std::string> next() {
    const int status = archive_read_next_header(reader_.get(), &entry_);
    if (status == ARCHIVE_EOF) return std::nullopt;
    check(status);
    const char* name = archive_entry_pathname(entry_);
    return name ? name : "";
  }

  // Reads the member that `next` returned.
  std::vector<std::uint8_t> read() {
    std::vector<std::uint8_t> out;
    std::size_t size = 0;
    while (true) {
      out.resize(std::max(2 * size, chunk));
      const auto count = archive_read_data(reader_.get(), out.data() + size, out.size() - size);
      if (count < 0) check(static_cast<int>(count));
      if (count == 0) break;
      size += static_cast<std::size_t>(count);
      if (size > left_)
        throw FormatError("archive", "at most " + std::to_string(limit_) + " bytes when unpacked", "more");
    }
    left_ -= size;
    out.resize(size);
    return out;
  }

 private:
  void check(int status) const {
    if (status == ARCHIVE_OK) return;
    const char* message = archive_error_string(reader_.get());
    throw FormatError("archive", "an undamaged zip archive", message ? one_line(message) : "damage");
  }

  std::unique_ptr<archive, decltype([](archive* a) { archive_read_free(a); })> reader_;
  archive_entry* entry_ = nullptr;
  std::size_t left_, limit_;
};

}  // namespace

std::map<std::string, Array> parse_npz(std::span<const std::uint8_t> bytes, std::size_t limit) {
  if (!text_of(bytes).starts_with("PK"))
    throw FormatError(0, "a zip archive, which begins with PK", "something else");
  std::map<std::string, Array> out;
  Zip zip(bytes, limit);
  while (const auto member = zip.next()) {
    if (!member->ends_with(suffix))
      throw FormatError("archive", "members that end with .npy", quoted(*member));
    const std::string name = member->substr(0, member->size() - suffix.size());
    if (out.contains(name)) throw FormatError("archive", "every name once", quoted(name) + " twice");
    try {
      out.emplace(name, parse_npy(zip.read()));
    } catch (const FormatError& e) {
      throw FormatError(quoted(name), e);
    }
  }
  if (out.empty()) throw FormatError("archive", "an array", "none");
  return out;
}

}  // namespace basin::data
