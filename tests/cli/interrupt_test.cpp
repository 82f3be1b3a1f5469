#include "cli/interrupt.hpp"

#include <gtest/gtest.h>

#include <csignal>

namespace basin::cli {
namespace {

TEST(CliInterrupt, TheFirstSignalSetsTheFlagAndTheLastOwnerPutsThingsBack) {
  void (*const before)(int) = std::signal(SIGTERM, SIG_IGN);
  {
    const Interrupt interrupt;
    EXPECT_EQ(interrupt.flag(), 0);
    std::raise(SIGTERM);
    EXPECT_EQ(interrupt.flag(), SIGTERM);
  }
  std::raise(SIGTERM);  // ignored again
  std::signal(SIGTERM, before);
  EXPECT_EQ(Interrupt().flag(), 0) << "a new one knows nothing of old signals";
}

TEST(CliInterruptDeathTest, TheSecondSignalLeavesAtOnce) {
  const auto twice = [] {
    const Interrupt interrupt;
    std::raise(SIGINT);
    std::raise(SIGINT);
  };
  EXPECT_EXIT(twice(), testing::ExitedWithCode(130), "once more to leave at once");
}

}  // namespace
}  // namespace basin::cli
