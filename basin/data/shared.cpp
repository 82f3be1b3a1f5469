#include "basin/data/shared.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>
#include <utility>

#include "basin/core/error.hpp"
#include "basin/data/shared_directory.hpp"

namespace basin::data {
namespace {

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

void Column::check(Type wanted) const {
  if (type != wanted)
    throw Error("shared memory: the column " + name + " is of " + std::string(name_of(type)) + ", not " +
                std::string(name_of(wanted)));
}

// A writable block of zeros.
SharedSet SharedSet::reserved(std::size_t bytes) {
  SharedSet set;
  set.bytes_ = bytes;
  check_room(bytes);
  set.fd_ = memfd_create("basin-data", MFD_ALLOW_SEALING);
  if (set.fd_ < 0) failed("cannot be created");
  // Allocates the pages now: a write to a page without memory would kill the process.
  errno = posix_fallocate(set.fd_, 0, static_cast<off_t>(bytes));
  if (errno != 0) failed("cannot hold the data set");
  set.base_ = mapped(set.fd_, bytes, PROT_READ | PROT_WRITE);
  set.writable_ = true;
  return set;
}

SharedSet SharedSet::create(const std::vector<NewColumn>& columns, Attributes attributes) {
  const Planned plan = plan_block(columns, attributes);
  SharedSet set = reserved(plan.bytes);
  std::ranges::copy(plan.beginning, set.base_);
  set.read_directory();
  return set;
}

SharedSet SharedSet::copy(std::span<const std::uint8_t> block) {
  parse_directory(block);
  SharedSet set = reserved(block.size());
  std::ranges::copy(block, set.base_);
  set.seal();
  return set;
}

SharedSet SharedSet::map(int fd, std::size_t bytes) {
  struct stat file{};
  if (fstat(fd, &file) != 0) failed("cannot be opened");
  if (static_cast<std::size_t>(file.st_size) != bytes)
    throw FormatError(0, std::to_string(bytes) + " bytes", static_cast<std::size_t>(file.st_size));
  SharedSet set;
  set.base_ = mapped(fd, bytes, PROT_READ);
  set.bytes_ = bytes;
  set.read_directory();
  return set;
}

SharedSet::SharedSet(SharedSet&& other) noexcept { *this = std::move(other); }

SharedSet& SharedSet::operator=(SharedSet&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(base_, other.base_);
  std::swap(bytes_, other.bytes_);
  std::swap(writable_, other.writable_);
  std::swap(columns_, other.columns_);
  std::swap(attributes_, other.attributes_);
  return *this;
}

SharedSet::~SharedSet() {
  if (base_) munmap(base_, bytes_);
  if (fd_ >= 0) close(fd_);
}

const Column* SharedSet::find(std::string_view name) const {
  const auto found = std::ranges::find(columns_, name, &Column::name);
  return found == columns_.end() ? nullptr : &*found;
}

const Column& SharedSet::at(std::string_view name) const {
  if (const Column* column = find(name)) return *column;
  throw Error("shared memory: there is no column " + std::string(name));
}

void SharedSet::check_writable() const {
  if (!writable_) throw Error("shared memory: a sealed data set cannot be written");
}

void SharedSet::read_directory() {
  Directory directory = parse_directory(block());
  columns_ = std::move(directory.columns);
  attributes_ = std::move(directory.attributes);
}

void SharedSet::seal() {
  // The kernel refuses to seal while a writable mapping exists.
  munmap(base_, bytes_);
  base_ = nullptr;
  writable_ = false;
  if (fcntl(fd_, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0)
    failed("cannot be sealed");
  base_ = mapped(fd_, bytes_, PROT_READ);
  read_directory();  // its columns pointed into the old mapping
}

}  // namespace basin::data
