#include "cli/interrupt.hpp"

#include <gtest/gtest.h>

#include <csignal>

namespace basin::cli {
namespace {

TEST(CliInterrupt, TheFirstSignalSetsTheFlagAndTheLastOwnerPutsThingsBack) {
  static int seen = 0;
  void (*const before)(int) = std::signal(SIGTERM, [](int signal) { seen = signal; });
  {
    const Interrupt interrupt;
    EXPECT_EQ(interrupt.flag(), 0);
    std::raise(SIGTERM);
    EXPECT_EQ(interrupt.flag(), SIGTERM);
    EXPECT_EQ(seen, 0);
  }
  std::raise(SIGTERM);
  EXPECT_EQ(seen, SIGTERM);
  std::signal(SIGTERM, before);
  EXPECT_EQ(Interrupt().flag(), 0) << "a new one knows nothing of old signals";
}

TEST(CliInterrupt, WhatWasIgnoredStaysIgnored) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    void (*const before)(int) = std::signal(signal, SIG_IGN);
    {
      const Interrupt interrupt;
      std::raise(signal);
      EXPECT_EQ(interrupt.flag(), 0) << signal;
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
