// Patience with another program that locks a store.
#pragma once
#include <chrono>
#include <functional>

namespace basin::study {

// Asked again and again while the lock is held, with how long the call has waited by now. False gives up, and the call throws
// Error, "study.db: database is locked".
using WhileLocked = std::function<bool(std::chrono::milliseconds waited)>;

inline bool ten_seconds(std::chrono::milliseconds waited) { return waited < std::chrono::seconds(10); }

}  // namespace basin::study
