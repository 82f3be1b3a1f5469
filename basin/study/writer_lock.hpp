// One writer per store: a lock file beside it. The kernel lets go of the lock when the process ends, however it ends.
#pragma once
#include <string>

namespace basin::study {

class WriterLock {
 public:
  // Locks FILE-writer. Throws Error when somebody else writes the store, or the lock cannot be made.
  explicit WriterLock(const std::string& file);
  WriterLock(const WriterLock&) = delete;
  WriterLock& operator=(const WriterLock&) = delete;
  ~WriterLock();

 private:
  bool is_ours() const;

  std::string path_;
  int fd_ = -1;
};

}  // namespace basin::study
