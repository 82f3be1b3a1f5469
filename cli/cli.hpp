// The command `basin` as a function.
#pragma once

namespace basin::cli {

// Runs one command line. Prints to standard output and standard error, never throws.
// Returns the exit status: 0 done, 1 failed, 2 the call or a file was wrong, 130 interrupted.
int run(int argc, const char* const* argv);

}  // namespace basin::cli
