// What becomes of a worker whose parent dies, however it dies.
#pragma once
#include <chrono>
#include <csignal>

namespace basin::study {

// The kernel sends it to a worker when the thread that started it ends (spawn.hpp). It ends the worker at once, unless:
inline constexpr int parent_died = SIGHUP;

// Called by a worker at its start. When its parent dies, it may go on for that long, to see that its socket is closed and to
// write a checkpoint; then SIGALRM ends it, whatever hangs.
void outlive_parent(std::chrono::seconds time);

}  // namespace basin::study
