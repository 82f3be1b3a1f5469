#include "basin/data/archive.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <new>
#include <optional>

#include "basin/core/error.hpp"
#include "basin/core/names.hpp"
#include "basin/storage/file.hpp"

namespace basin::data {
namespace {

using Bytes = std::vector<std::uint8_t>;
namespace fs = std::filesystem;

// Reads a file and inflates gzip. libarchive could do that, too, but does not verify the CRC.
class Source {
 public:
  explicit Source(const fs::path& file) : file_(gzopen(file.c_str(), "rb")) {
    if (!file_) throw InputError(file.string() + ": cannot be read");
    gzbuffer(file_.get(), 1u << 17);
  }

  static la_ssize_t read(archive* reader, void* self, const void** bytes) {
    auto& source = *static_cast<Source*>(self);
    *bytes = source.buffer_.data();
    const int count =
        gzread(source.file_.get(), source.buffer_.data(), static_cast<unsigned>(source.buffer_.size()));
    int status = Z_OK;
    const char* message = gzerror(source.file_.get(), &status);
    if (count > 0 || (count == 0 && status == Z_OK)) return count;
    archive_set_error(reader, EIO, "%s", message);
    return ARCHIVE_FATAL;
  }

 private:
  std::unique_ptr<gzFile_s, decltype([](gzFile f) { gzclose_r(f); })> file_;
  std::array<std::uint8_t, 1u << 17> buffer_;
};

// A tar archive whose members are visited in order.
class Tar {
 public:
  explicit Tar(const fs::path& file)
      : file_(file), source_(std::make_unique<Source>(file)), reader_(archive_read_new()) {
    if (!reader_) throw std::bad_alloc();
    archive_read_support_filter_xz(reader_.get());
    archive_read_support_format_tar(reader_.get());
    // Continues behind the end mark of the tar to the end of the stream, where the checksum of xz and gzip
    // is.
    archive_read_set_option(reader_.get(), "tar", "read_concatenated_archives", "1");
    check(archive_read_open(reader_.get(), source_.get(), nullptr, Source::read, nullptr));
  }

  // Returns the name of the next member without its folder; nothing after the last one.
  std::optional<std::string> next() {
    const int status = archive_read_next_header(reader_.get(), &entry_);
    if (status == ARCHIVE_EOF) return std::nullopt;
    check(status);
    const char* name = archive_entry_pathname(entry_);
    return name ? fs::path(name).filename().string() : "";
  }

  // Reads the contents of the member that `next` returned.
  Bytes read(const std::string& name, std::size_t largest) {
    const auto size = archive_entry_size(entry_);
    if (size < 0 || static_cast<std::size_t>(size) > largest)
      refuse(name + " has " + std::to_string(size) + " bytes; the limit is " + std::to_string(largest));
    Bytes bytes(static_cast<std::size_t>(size));
    const auto count = archive_read_data(reader_.get(), bytes.data(), bytes.size());
    if (count < 0) check(static_cast<int>(count));
    if (static_cast<std::size_t>(count) != bytes.size()) refuse(name + " is truncated");
    return bytes;
  }

  [[noreturn]] void refuse(const std::string& what) const { throw InputError(file_.string() + ": " + what); }

 private:
  void check(int status) const {
    if (status >= ARCHIVE_WARN) return;
    const char* message = archive_error_string(reader_.get());
    refuse("damaged archive, near byte " + std::to_string(archive_filter_bytes(reader_.get(), 0)) + ": " +
           (message ? message : "unreadable"));
  }

  fs::path file_;
  std::unique_ptr<Source> source_;
  std::unique_ptr<archive, decltype([](archive* a) { archive_read_free(a); })> reader_;
  archive_entry* entry_ = nullptr;
};

bool has(const Bytes& bytes, std::size_t offset, std::string_view magic) {
  return bytes.size() >= offset + magic.size() &&
         std::memcmp(&bytes[offset], magic.data(), magic.size()) == 0;
}

// Returns the uncompressed length of a gzip file modulo 2^32: its last four bytes.
std::uint32_t gzip_length(const Bytes& tail) {
  return tail[0] | static_cast<std::uint32_t>(tail[1]) << 8 | static_cast<std::uint32_t>(tail[2]) << 16 |
         static_cast<std::uint32_t>(tail[3]) << 24;
}

}  // namespace

std::vector<Bytes> read_members(const fs::path& file, const std::vector<std::string>& names,
                                std::size_t largest) {
  Tar tar(file);
  std::vector<std::optional<Bytes>> found(names.size());
  while (const auto name = tar.next()) {
    const auto at = static_cast<std::size_t>(std::ranges::find(names, *name) - names.begin());
    if (at == names.size()) continue;
    if (found[at]) tar.refuse("holds " + *name + " twice");
    found[at] = tar.read(*name, largest);
  }
  std::vector<Bytes> members;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!found[i]) tar.refuse("does not contain " + names[i] + "; the archive should hold " + listed(names));
    members.push_back(std::move(*found[i]));
  }
  return members;
}

void check_archive(const fs::path& file) {
  constexpr std::string_view xz_begin{"\xfd\x37zXZ\0", 6}, xz_end = "YZ", gzip_begin = "\x1f\x8b";
  constexpr std::size_t block = 512;  // of tar
  const std::size_t size = storage::size_of(file);
  if (size < 20)
    throw InputError(file.string() + ": is too short for an archive, " + std::to_string(size) + " bytes" +
                     std::string(storage::cut_short));
  const Bytes head = storage::read_part(file, 0, block), tail = storage::read_part(file, size - 4, 4);

  const bool xz = has(head, 0, xz_begin), gzip = has(head, 0, gzip_begin), tar = has(head, 257, "ustar");
  if (!xz && !gzip && !tar)
    storage::refuse(file, FormatError(0, "a tar archive, plain or compressed by gzip or xz", "neither"));
  const bool whole = xz ? has(tail, 2, xz_end) : (gzip ? gzip_length(tail) : size) % block == 0;
  if (!whole)
    throw InputError(file.string() + ": byte " + std::to_string(size) +
                     ": the archive is damaged at its end, or cut short" + std::string(storage::cut_short));
}

}  // namespace basin::data
