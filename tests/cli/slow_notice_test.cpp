#include "cli/slow_notice.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace basin::cli {
namespace {

using namespace std::chrono_literals;

std::string said(std::chrono::milliseconds limit, std::chrono::milliseconds wait) {
  testing::internal::CaptureStderr();
  {
    const SlowNotice notice("reading ...", stderr, limit);
    std::this_thread::sleep_for(wait);
  }
  return testing::internal::GetCapturedStderr();
}

TEST(CliSlowNotice, SaysOnceWhatTakesLong) { EXPECT_EQ(said(1ms, 500ms), "reading ...\n"); }

TEST(CliSlowNotice, IsSilentAboutWhatIsQuickAndDoesNotDelayIt) {
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(said(1h, 1ms), "");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 1min);
}

}  // namespace
}  // namespace basin::cli
