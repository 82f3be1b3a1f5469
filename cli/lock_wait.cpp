#include "cli/lock_wait.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace basin::cli {
namespace {

using namespace std::chrono_literals;

constexpr auto unsaid = 2s;  // a reader such as Optuna's dashboard holds the file for milliseconds
constexpr auto after_stop = 10s;

}  // namespace

bool LockWait::operator()(std::chrono::milliseconds waited) {
  if (waited < unsaid) {
    said_ = false;
    stopped_.reset();
  } else if (!said_) {
    said_ = true;
    const auto line = fmt::format("{} is locked by another program; waiting until it is unlocked", file);
    say ? say(line) : fmt::print(stderr, "{}\n", line);
  }
  if (!stop_.stop_requested()) return true;
  if (!stopped_) stopped_ = waited;
  return waited - *stopped_ < after_stop;
}

}  // namespace basin::cli
