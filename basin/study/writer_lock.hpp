// One writer per store: a lock file beside it. The kernel releases the lock when the process ends, however it
// ends.
#pragma once
#include <string>

namespace basin::study {

class WriterLock {
 public:
  // Locks FILE-writer. Throws Error if another process writes the store, or if the lock cannot be created.
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
