// Starts one worker process that does not outlive this one and inherits only what it should.
//
// The child   stdin from /dev/null, stdout and stderr appended to a log; the socket and the data set at the
// fixed descriptors of protocol.hpp, and no others (basin opens everything close-on-exec); pinned to `cores`;
// killed by a signal when the thread that started it ends (orphan.hpp); in its own process group, so that the
// terminal's Ctrl-C reaches only the parent; ignores none of the parent's ignored signals
#pragma once
#include <sys/types.h>

#include <string>
#include <vector>

namespace basin::study {

struct Launch {
  std::string program;                   // path of the executable
  std::vector<std::string> arguments;    // after "--fd 3"
  std::vector<std::string> environment;  // NAME=value; added to, or replacing, ours
  std::vector<int> cores;                // empty: not pinned
  std::string log;                       // path
  int data = -1;                         // descriptor of the data set; -1 for none
};

struct Process {
  pid_t pid = -1;
  int socket = -1;  // our end
};

// Throws InputError if `program` cannot be run, Error if no process can be created.
Process spawn(const Launch& launch);

}  // namespace basin::study
