#include "cli/interrupt.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string>
#include <string_view>

#include "basin/core/error.hpp"

namespace basin::cli {
namespace {

constexpr std::array signals{SIGINT, SIGTERM, SIGHUP};
constexpr int interrupted = 130;

std::atomic<int> asked{0};
std::array<struct sigaction, signals.size()> before;
std::array<int, 2> ends;  // of the pipe

extern "C" void on_signal(int signal) {
  if (asked.exchange(signal) != 0) ::_exit(interrupted);
  constexpr std::string_view text = "\nbasin: stopping; press Ctrl-C again to quit at once\n";
  [[maybe_unused]] auto written = ::write(STDERR_FILENO, text.data(), text.size());
  written = ::write(ends[1], "!", 1);
}

// Starts a thread that receives no signals, so that they wake the blocking calls of the others.
std::thread deaf_thread(auto work) {
  sigset_t all, mask;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &mask);
  std::thread out(work);
  ::pthread_sigmask(SIG_SETMASK, &mask, nullptr);
  return out;
}

}  // namespace

Interrupt::Interrupt() {
  asked = 0;
  if (::pipe2(ends.data(), O_CLOEXEC) != 0)
    throw Error(std::string("cannot make a pipe: ") + std::strerror(errno));
  listener_ = deaf_thread([stop = stop_, in = ends[0]]() mutable {
    char letter;
    if (::read(in, &letter, 1) == 1) stop.request_stop();
  });
  struct sigaction action{};
  action.sa_handler = on_signal;  // without SA_RESTART, so that poll returns
  for (std::size_t i = 0; i < signals.size(); ++i) {
    ::sigaction(signals[i], nullptr, &before[i]);
    if (before[i].sa_handler != SIG_IGN) ::sigaction(signals[i], &action, nullptr);
  }
}

Interrupt::~Interrupt() {
  for (std::size_t i = 0; i < signals.size(); ++i) ::sigaction(signals[i], &before[i], nullptr);
  ::close(ends[1]);  // so that the listener ends
  listener_.join();
  ::close(ends[0]);
}

}  // namespace basin::cli
