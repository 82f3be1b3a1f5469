// Starts one worker process, so that nothing of it outlives us and nothing of ours reaches it unasked.
//
// The child   stdin from /dev/null, stdout and stderr appended to a log; the socket and the data set at the fixed
//             descriptors of protocol.hpp, nothing else of ours (basin opens everything close-on-exec); pinned to
//             `cores`; told by a signal when the thread that started it ends, which kills it (orphan.hpp); in a process
//             group of its own, so that the terminal's Ctrl-C reaches the parent alone; none of our signals ignored
#pragma once
#include <sys/types.h>

#include <string>
#include <vector>

namespace basin::study {

struct Launch {
  std::string program;                   // path of the executable
  std::vector<std::string> arguments;    // after "--fd 3"
  std::vector<std::string> environment;  // NAME=value; set beside, or in place of, what we have
  std::vector<int> cores;                // empty: not pinned
  std::string log;                       // path
  int data = -1;                         // descriptor of the data set; -1 for none
};

struct Process {
  pid_t pid = -1;
  int socket = -1;  // our end
};

// Throws InputError when `program` is no program that can be run, Error when no process can be made.
Process spawn(const Launch& launch);

}  // namespace basin::study
