#include "cli/interrupt.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <thread>

namespace basin::cli {
namespace {

using namespace std::chrono_literals;

bool stops_soon(const Interrupt& interrupt) {
  for (int i = 0; i < 2000 && !interrupt.token().stop_requested(); ++i) std::this_thread::sleep_for(5ms);
  return interrupt.token().stop_requested();
}

TEST(CliInterrupt, TheFirstSignalAsksForAStopAndTheLastOwnerPutsThingsBack) {
  static int seen = 0;
  void (*const before)(int) = std::signal(SIGTERM, [](int signal) { seen = signal; });
  {
    const Interrupt interrupt;
    EXPECT_FALSE(interrupt.token().stop_requested());
    std::raise(SIGTERM);
    EXPECT_TRUE(stops_soon(interrupt));
    EXPECT_EQ(seen, 0);
  }
  std::raise(SIGTERM);
  EXPECT_EQ(seen, SIGTERM);
  std::signal(SIGTERM, before);
  EXPECT_FALSE(Interrupt().token().stop_requested()) << "a new one knows nothing of old signals";
}

TEST(CliInterrupt, WhatWasIgnoredStaysIgnored) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    void (*const before)(int) = std::signal(signal, SIG_IGN);
    {
      const Interrupt interrupt;
      std::raise(signal);
      std::this_thread::sleep_for(10ms);
      EXPECT_FALSE(interrupt.token().stop_requested()) << signal;
    }
    EXPECT_EQ(std::signal(signal, before), SIG_IGN);
  }
}

TEST(CliInterruptDeathTest, TheSecondSignalLeavesAtOnce) {
  const auto twice = [] {
    const Interrupt interrupt;
    std::raise(SIGINT);
    std::raise(SIGINT);
  };
  EXPECT_EXIT(twice(), testing::ExitedWithCode(130), "press Ctrl-C again to quit at once");
}

}  // namespace
}  // namespace basin::cli
