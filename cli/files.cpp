#include "cli/files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "basin/core/error.hpp"

namespace basin::cli {
namespace fs = std::filesystem;
namespace {

class File {
 public:
  File(const fs::path& path, int flags) : path_(path), fd_(::open(path.c_str(), flags | O_CLOEXEC, 0644)) {
    if (fd_ < 0) fail("open");
  }
  File(const File&) = delete;
  ~File() { ::close(fd_); }

  void write(std::string_view text) {
    while (!text.empty()) {
      const ssize_t n = ::write(fd_, text.data(), text.size());
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) fail("write");
      text.remove_prefix(static_cast<std::size_t>(n));
    }
  }
  void sync() {
    if (::fsync(fd_) != 0) fail("flush");
  }

 private:
  [[noreturn]] void fail(const char* what) {
    throw Error(fmt::format("{}: cannot {} it: {}", path_.string(), what, std::strerror(errno)));
  }
  fs::path path_;
  int fd_;
};

fs::path folder_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

}  // namespace

void write_atomically(const fs::path& path, std::string_view text) {
  const fs::path beside = path.string() + fmt::format(".{}.part", ::getpid());
  try {
    File file(beside, O_WRONLY | O_CREAT | O_TRUNC);
    file.write(text);
    file.sync();
  } catch (...) {
    ::unlink(beside.c_str());
    throw;
  }
  std::error_code error;
  fs::rename(beside, path, error);
  if (error) {
    ::unlink(beside.c_str());
    throw Error(fmt::format("{}: cannot replace it: {}", path.string(), error.message()));
  }
  File(folder_of(path), O_RDONLY | O_DIRECTORY).sync();
}

void check_writable(const fs::path& path) {
  fs::path there = path.empty() ? fs::path(".") : path;
  std::error_code error;
  while (!fs::exists(there, error) && there != folder_of(there)) there = folder_of(there);
  if (!fs::is_directory(there, error))
    throw InputError(fmt::format("{}: {} is not a folder", path.string(), there.string()));
  std::string probe = (there / ".basin-XXXXXX").string();
  if (::mkdtemp(probe.data()) == nullptr)
    throw InputError(fmt::format("{}: cannot write to {}: {}; give another folder with --out", path.string(),
                                 there.string(), std::strerror(errno)));
  ::rmdir(probe.c_str());
}

}  // namespace basin::cli
