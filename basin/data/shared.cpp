#include "basin/data/shared.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <string>
#include <system_error>
#include <utility>

#include "basin/core/error.hpp"

namespace basin::data {
namespace {

constexpr std::uint64_t magic = 0x0031'306e'6973'6162;  // "basin01" in little-endian memory

// The beginning of the block in memory.
struct Header {
  std::uint64_t magic, train, test, height, width, channels, classes;
};

// The positions of the four parts.
struct Parts {
  std::size_t image, train_images, test_images, train_labels, test_labels, end;
};

// Throws FormatError if the sizes are invalid or overflow.
Parts parts_of(const Header& h) {
  bool overflow = false;
  const auto times = [&](std::size_t a, std::size_t b) {
    overflow |= __builtin_mul_overflow(a, b, &a);
    return a;
  };
  const auto plus = [&](std::size_t a, std::size_t b) {
    overflow |= __builtin_add_overflow(a, b, &a);
    return a;
  };
  Parts p{};
  p.image = times(times(h.height, h.width), h.channels);
  p.train_images = sizeof(Header);
  p.test_images = plus(p.train_images, times(h.train, p.image));
  p.train_labels = plus(p.test_images, times(h.test, p.image));
  p.test_labels = plus(p.train_labels, h.train);
  p.end = plus(p.test_labels, h.test);
  if (overflow || std::max(p.image, p.end) > std::numeric_limits<std::int64_t>::max())
    throw FormatError(8, "sizes that fit in memory", "larger ones");
  if (p.image == 0) throw FormatError(24, "images of one byte or more", "empty ones");
  if (h.classes < 1 || h.classes > 256) throw FormatError(48, "1 to 256 classes", h.classes);
  return p;
}

Header header_of(const std::uint8_t* base) {
  Header header;
  std::memcpy(&header, base, sizeof header);
  return header;
}

void check_size(std::size_t bytes) {
  if (bytes < sizeof(Header))
    throw FormatError(0, "a header of " + std::to_string(sizeof(Header)) + " bytes", bytes);
}

void check(const Header& header, std::size_t bytes) {
  if (header.magic != magic) throw FormatError(0, "the mark of a data set in shared memory", "another");
  if (const std::size_t end = parts_of(header).end; end != bytes)
    throw FormatError(8, "sizes that make " + std::to_string(bytes) + " bytes", end);
}

[[noreturn]] void failed(const char* what) {
  throw Error(std::string("shared memory: ") + what + ": " + std::generic_category().message(errno));
}

// The kernel grants an anonymous file any size, and kills processes when it runs out of memory for it.
void check_room(std::size_t bytes) {
  const auto memory =
      static_cast<std::size_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  if (bytes > memory)
    throw Error("shared memory: a data set of " + std::to_string(bytes) +
                " bytes is more than this machine's " + std::to_string(memory));
}

std::uint8_t* mapped(int fd, std::size_t bytes, int protection) {
  void* base = mmap(nullptr, bytes, protection, MAP_SHARED, fd, 0);
  if (base == MAP_FAILED) failed("cannot be mapped");
  return static_cast<std::uint8_t*>(base);
}

}  // namespace

SharedSet SharedSet::create(std::int64_t train, std::int64_t test, std::int64_t height, std::int64_t width,
                            std::int64_t channels, std::int64_t classes) {
  for (const std::int64_t n : {train, test, height, width, channels, classes})
    if (n < 0) throw InputError("shared memory: a data set cannot have the size " + std::to_string(n));
  const auto u = [](std::int64_t n) { return static_cast<std::uint64_t>(n); };
  const Header header{magic, u(train), u(test), u(height), u(width), u(channels), u(classes)};
  SharedSet set;
  set.bytes_ = parts_of(header).end;
  check_room(set.bytes_);
  set.fd_ = memfd_create("basin-data", MFD_ALLOW_SEALING);
  if (set.fd_ < 0) failed("cannot be created");
  // Allocates the pages now: a write to a page without memory would kill the process.
  errno = posix_fallocate(set.fd_, 0, static_cast<off_t>(set.bytes_));
  if (errno != 0) failed("cannot hold the data set");
  set.base_ = mapped(set.fd_, set.bytes_, PROT_READ | PROT_WRITE);
  set.writable_ = true;
  std::memcpy(set.base_, &header, sizeof header);
  return set;
}

SharedSet SharedSet::copy(std::span<const std::uint8_t> block) {
  check_size(block.size());
  const Header h = header_of(block.data());
  check(h, block.size());
  const auto s = [](std::uint64_t n) { return static_cast<std::int64_t>(n); };
  SharedSet set = create(s(h.train), s(h.test), s(h.height), s(h.width), s(h.channels), s(h.classes));
  std::ranges::copy(block, set.base_);
  set.seal();
  return set;
}

SharedSet SharedSet::map(int fd, std::size_t bytes) {
  struct stat file{};
  if (fstat(fd, &file) != 0) failed("cannot be opened");
  check_size(bytes);
  if (static_cast<std::size_t>(file.st_size) != bytes)
    throw FormatError(0, std::to_string(bytes) + " bytes", static_cast<std::size_t>(file.st_size));
  SharedSet set;
  set.base_ = mapped(fd, bytes, PROT_READ);
  set.bytes_ = bytes;
  check(header_of(set.base_), bytes);
  return set;
}

SharedSet::SharedSet(SharedSet&& other) noexcept { *this = std::move(other); }

SharedSet& SharedSet::operator=(SharedSet&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(base_, other.base_);
  std::swap(bytes_, other.bytes_);
  std::swap(writable_, other.writable_);
  return *this;
}

SharedSet::~SharedSet() {
  if (base_) munmap(base_, bytes_);
  if (fd_ >= 0) close(fd_);
}

ImageSet SharedSet::view() const {
  const Header h = header_of(base_);
  const Parts p = parts_of(h);
  const std::span<const std::uint8_t> all(base_, bytes_);
  const auto s = [](std::uint64_t n) { return static_cast<std::int64_t>(n); };
  return {.height = s(h.height),
          .width = s(h.width),
          .channels = s(h.channels),
          .classes = s(h.classes),
          .train_images = all.subspan(p.train_images, h.train * p.image),
          .train_labels = all.subspan(p.train_labels, h.train),
          .test_images = all.subspan(p.test_images, h.test * p.image),
          .test_labels = all.subspan(p.test_labels, h.test)};
}

std::span<std::uint8_t> SharedSet::writable(std::span<const std::uint8_t> part) {
  if (!writable_) throw Error("shared memory: a sealed data set cannot be written");
  return {base_ + (part.data() - base_), part.size()};
}

std::span<std::uint8_t> SharedSet::train_images() { return writable(view().train_images); }
std::span<std::uint8_t> SharedSet::train_labels() { return writable(view().train_labels); }
std::span<std::uint8_t> SharedSet::test_images() { return writable(view().test_images); }
std::span<std::uint8_t> SharedSet::test_labels() { return writable(view().test_labels); }

void SharedSet::seal() {
  // The kernel refuses to seal while a writable mapping exists.
  munmap(base_, bytes_);
  base_ = nullptr;
  writable_ = false;
  if (fcntl(fd_, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0)
    failed("cannot be sealed");
  base_ = mapped(fd_, bytes_, PROT_READ);
}

}  // namespace basin::data
