// Waiting for another program that locks a store.
#pragma once
#include <chrono>
#include <functional>

namespace basin::study {

// Called repeatedly while the lock is held, with the time that the call has waited so far. If it returns
// false, the call throws Error, "study.db: database is locked".
using WhileLocked = std::function<bool(std::chrono::milliseconds waited)>;

inline bool ten_seconds(std::chrono::milliseconds waited) { return waited < std::chrono::seconds(10); }

}  // namespace basin::study
