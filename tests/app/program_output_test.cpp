// The output of programs that misbehave.
#include "basin/app/program_output.hpp"

#include <gtest/gtest.h>
#include <sys/time.h>
#include <sys/wait.h>

#include <csignal>
#include <fstream>

#include "basin/core/error.hpp"
#include "tests/study/sample_study.hpp"

namespace basin::app {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

class AppProgramOutput : public testing::Test {
 protected:
  // Returns the output of a shell that runs `line`.
  ProgramOutput output(const std::string& line, std::chrono::milliseconds longest = 20s) const {
    const std::filesystem::path script = folder_ / "script";
    std::ofstream(script) << "#!/bin/sh\n" << line << "\n";
    std::filesystem::permissions(script, std::filesystem::perms::owner_all);
    return output_of(script, "argument", longest);
  }
  // These programs never end by themselves: it throws in time, or the test fails.
  void expect_timeout(const std::string& line) const {
    const auto begin = Clock::now();
    try {
      output(line, 1s);
      ADD_FAILURE() << line << ": no error";
    } catch (const Error& e) {
      EXPECT_NE(std::string(e.what()).find("script argument: no answer within 1 s"), std::string::npos)
          << e.what();
    }
    EXPECT_LT(Clock::now() - begin, 4s) << line;
  }

  study::TemporaryFolder folder_;
};

TEST_F(AppProgramOutput, IsTextAndStatus) {
  const ProgramOutput got = output("echo \"$1\"; exit 3");
  EXPECT_EQ(got.text, "argument\n");
  EXPECT_EQ(WEXITSTATUS(got.status), 3);
  EXPECT_EQ(output("echo told; exec >&-; sleep 0.1").text, "told\n");
}

TEST_F(AppProgramOutput, IsCutAfter16MiBAndTheProgramRunsToItsEnd) {
  const ProgramOutput got = output("timeout 5 head -c 20000000 /dev/zero || exit 7");
  EXPECT_EQ(got.text.size(), std::size_t{16} << 20);
  EXPECT_EQ(got.status, 0);
}

TEST_F(AppProgramOutput, HasADeadlineInEveryCase) {
  expect_timeout("exec sleep 5");
  expect_timeout("exec >&- 2>&-; sleep 5");
  expect_timeout("exec timeout 5 cat /dev/zero");
}

TEST_F(AppProgramOutput, ASignalDoesNotEndTheDeadline) {
  struct sigaction before{}, nothing{};
  nothing.sa_handler = [](int) {};
  ::sigaction(SIGALRM, &nothing, &before);
  const itimerval once{{0, 0}, {0, 100'000}}, none{};
  ::setitimer(ITIMER_REAL, &once, nullptr);
  expect_timeout("exec sleep 5");
  ::setitimer(ITIMER_REAL, &none, nullptr);
  ::sigaction(SIGALRM, &before, nullptr);
}

}  // namespace
}  // namespace basin::app
