#include "basin/app/lock_wait.hpp"

namespace basin::app {
namespace {

using namespace std::chrono_literals;

constexpr auto untold = 2s;  // a reader such as Optuna's dashboard holds the file for milliseconds
constexpr auto after_stop = 10s;

}  // namespace

bool LockWait::operator()(std::chrono::milliseconds waited) {
  if (waited < untold) {
    told_ = false;
    stopped_.reset();
  } else if (!told_) {
    told_ = true;
    observer_.on_locked(file);
  }
  if (!stop_.stop_requested()) return true;
  if (!stopped_) stopped_ = waited;
  return waited - *stopped_ < after_stop;
}

}  // namespace basin::app
