// The process of a program, and those that it starts: one process group.
//
// The child   stdin from /dev/null; stdout and stderr in one pipe, in the order in which they were written;
//             no other descriptor of ours; no signal ignored or blocked
// The end     when the command ends, what is left of its group is killed. A process that leaves the group, as
//             a daemon does, is not followed
#pragma once
#include <sys/types.h>

#include <string>
#include <vector>

#include "basin/problems/program.hpp"
#include "basin/program/keeper.hpp"

namespace basin::program {

struct Launch {
  Words command;       // the first word is a path, or a name that is looked up on PATH
  Words environment;   // NAME=value; added to, or replacing, ours
  std::string folder;  // in which it runs; empty: ours
};

// Returns the path of an executable file for a command's first word, which is relative to `folder` if it has
// a slash. Throws InputError, "cannot run pythn: it is not on PATH".
std::string find_executable(const std::string& word, const std::string& folder);

class Process {
 public:
  // Throws InputError if the program is not there or cannot be run, Error if no process can be created.
  Process(const Launch& launch, Keeper& keeper);
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process();

  // The descriptor to poll; -1 after its end.
  int output() const { return output_; }
  // Returns what has been printed, at most 64 KiB, without waiting; empty if there is nothing now.
  std::string_view read();
  // Returns whether the command has ended. Then the rest of its group has been killed.
  bool ended();
  int status() const { return status_; }  // as waitpid gives it
  void signal(int number) const;          // to the whole group

 private:
  void start(const Launch& launch, int write_end);

  Keeper& keeper_;
  pid_t pid_ = -1;
  int output_ = -1;
  int status_ = 0;
  bool ended_ = false;
  std::vector<char> bytes_;
};

// Returns "exited with status 3" or "killed by SIGSEGV".
std::string in_words(int status);

}  // namespace basin::program
