#include "basin/core/whole_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <random>
#include <string>

#include "basin/core/error.hpp"

namespace basin {
namespace fs = std::filesystem;
namespace {

class File {
 public:
  File(const fs::path& path, int flags) : path_(path), fd_(::open(path.c_str(), flags | O_CLOEXEC, 0644)) {
    if (fd_ < 0) fail("open");
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() { ::close(fd_); }

  void write(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t n = ::write(fd_, bytes.data(), bytes.size());
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) fail("write");
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
  }
  void sync() {
    if (::fsync(fd_) != 0) fail("flush");
  }

 private:
  [[noreturn]] void fail(const std::string& what) {
    throw Error(path_.string() + ": cannot " + what + " it: " + std::strerror(errno));
  }
  fs::path path_;
  int fd_;
};

}  // namespace

// Processes on different hosts may have the same number, and threads share it. 64 bits of the kernel's
// randomness are unique.
fs::path unfinished(const fs::path& path) {
  std::random_device random;
  std::array<char, 24> mark;
  std::snprintf(mark.data(), mark.size(), ".%08x%08x.part", random(), random());
  return path.string() + mark.data();
}

void write_atomically(const fs::path& path, std::string_view bytes) {
  const fs::path beside = unfinished(path);
  File file(beside, O_WRONLY | O_CREAT | O_EXCL);
  try {
    file.write(bytes);
    file.sync();
    if (::rename(beside.c_str(), path.c_str()) != 0)
      throw Error(path.string() + ": cannot replace it: " + std::strerror(errno));
  } catch (...) {
    ::unlink(beside.c_str());
    throw;
  }
  File(path.has_parent_path() ? path.parent_path() : fs::path("."), O_RDONLY | O_DIRECTORY).sync();
}

}  // namespace basin
