// The main function of basin-program-worker: a worker (study/protocol.hpp) whose trials are programs.
#pragma once

namespace basin::program {

// Talks to the parent over the socket that `--fd N` names until the parent says quit or goes away. Returns
// the exit status.
int worker_main(int argc, char** argv);

}  // namespace basin::program
