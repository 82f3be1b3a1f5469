#include "cli/interrupt.hpp"

#include <unistd.h>

#include <array>
#include <csignal>
#include <string_view>

namespace basin::cli {
namespace {

constexpr std::array signals{SIGINT, SIGTERM, SIGHUP};
constexpr int interrupted = 130;

std::atomic<int> asked{0};
std::array<struct sigaction, signals.size()> before;

extern "C" void on_signal(int signal) {
  if (asked.exchange(signal) != 0) ::_exit(interrupted);
  constexpr std::string_view text = "\nbasin: stopping; press Ctrl-C again to quit at once\n";
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, text.data(), text.size());
}

}  // namespace

Interrupt::Interrupt() {
  asked = 0;
  struct sigaction action{};
  action.sa_handler = on_signal;  // without SA_RESTART, so that poll returns
  for (std::size_t i = 0; i < signals.size(); ++i) {
    ::sigaction(signals[i], nullptr, &before[i]);
    if (before[i].sa_handler != SIG_IGN) ::sigaction(signals[i], &action, nullptr);
  }
}

Interrupt::~Interrupt() {
  for (std::size_t i = 0; i < signals.size(); ++i) ::sigaction(signals[i], &before[i], nullptr);
}

const std::atomic<int>& Interrupt::flag() const { return asked; }

}  // namespace basin::cli
