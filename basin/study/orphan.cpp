#include "basin/study/orphan.hpp"

#include <unistd.h>

#include <atomic>

namespace basin::study {
namespace {

std::atomic<unsigned> seconds_left{0};

extern "C" void on_parent_died(int) {
  std::signal(SIGALRM, SIG_DFL);
  ::alarm(seconds_left);
}

}  // namespace

void outlive_parent(std::chrono::seconds time) {
  seconds_left = static_cast<unsigned>(time.count());
  struct sigaction action{};
  action.sa_handler = on_parent_died;
  action.sa_flags = SA_RESTART;
  ::sigaction(parent_died, &action, nullptr);
}

}  // namespace basin::study
