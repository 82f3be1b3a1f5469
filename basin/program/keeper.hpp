// A process that ends the program if the worker is killed: then nobody else is left to do it.
//
// It knows the program's process group, and waits for the end of a pipe whose other end only the worker
// holds. A group of its own protects it from what kills the worker.
#pragma once
#include <sys/types.h>

namespace basin::program {

class Keeper {
 public:
  // Throws Error if no process can be created.
  Keeper();
  Keeper(const Keeper&) = delete;
  Keeper& operator=(const Keeper&) = delete;
  ~Keeper();

  // From now on, the end of this process means SIGKILL for the group.
  void guard(pid_t group);
  // The group is gone. Call before its leader is reaped, whose number is free afterwards.
  void release() { guard(0); }

 private:
  pid_t pid_ = -1;
  int pipe_ = -1;
};

}  // namespace basin::program
