// What happens to a worker whose parent dies, however it dies.
#pragma once
#include <chrono>
#include <csignal>

namespace basin::study {

// The signal that the kernel sends to a worker when the thread that started it ends (spawn.hpp). It ends the
// worker at once, unless outlive_parent was called.
inline constexpr int parent_died = SIGHUP;

// Call when a worker starts. If its parent dies, it may continue for this long, to notice that its socket is
// closed and to write a checkpoint; then SIGALRM ends it, whatever hangs.
void outlive_parent(std::chrono::seconds time);

}  // namespace basin::study
