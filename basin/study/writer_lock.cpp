#include "basin/study/writer_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "basin/core/error.hpp"

namespace basin::study {

WriterLock::WriterLock(const std::string& file) : path_(file + "-writer") {
  while (true) {
    fd_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (fd_ < 0) throw Error(path_ + ": " + std::strerror(errno));
    const bool locked = ::flock(fd_, LOCK_EX | LOCK_NB) == 0;
    if (locked && is_ours()) return;
    const int why = errno;
    ::close(fd_);
    if (!locked && why == EWOULDBLOCK)
      throw Error(file + " is being written by another process; wait for its end");
    if (!locked && why != EINTR) throw Error(path_ + ": " + std::strerror(why));
  }
}

WriterLock::~WriterLock() {
  ::unlink(path_.c_str());  // before the descriptor releases the lock, so that it is never another's file
  ::close(fd_);
}

// Returns false if the previous holder removed the file between our opening and our locking it.
bool WriterLock::is_ours() const {
  struct stat opened{}, named{};
  return ::fstat(fd_, &opened) == 0 && ::stat(path_.c_str(), &named) == 0 && opened.st_ino == named.st_ino;
}

}  // namespace basin::study
