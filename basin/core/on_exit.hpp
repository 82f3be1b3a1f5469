// Runs a function when a scope ends, on every way out of it: for what was changed for a while and is to be put back.
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
