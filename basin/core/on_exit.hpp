// Runs a function when a scope ends, however it ends, to undo a temporary change.
//
//   const OnExit put_back([&] { layer.train(training); });
//
// Requires  the function does not throw
#pragma once
#include <utility>

namespace basin {

template <class F>
class [[nodiscard]] OnExit {
 public:
  explicit OnExit(F f) : f_(std::move(f)) {}
  ~OnExit() { f_(); }
  OnExit(const OnExit&) = delete;
  OnExit& operator=(const OnExit&) = delete;

 private:
  F f_;
};

}  // namespace basin
