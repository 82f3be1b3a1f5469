#include "basin/study/cores.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/study/sample_study.hpp"

namespace basin::study {
namespace {

// A simulated file system with the files that describe limits.
class StudyCores : public testing::Test {
 protected:
  void SetUp() override {
    if (allowed_cores().size() < 2) GTEST_SKIP() << "one core shows no limit";
    write("proc/meminfo", "MemTotal: 99999999 kB\nMemFree: 1 kB\nMemAvailable: 8388608 kB\n");
  }
  void write(const std::string& name, const std::string& text) {
    const std::filesystem::path path = folder_ / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
  }
  int cores() const { return available_cores(folder_ / ""); }

  TemporaryFolder folder_;
};

TEST_F(StudyCores, WithoutLimitsAreThoseOfTheMask) {
  EXPECT_EQ(cores(), std::min<int>(8, static_cast<int>(allowed_cores().size())));
}

TEST_F(StudyCores, KeepToTheQuotaOfAnyGroupAbove) {
  write("proc/self/cgroup", "0::/outer/inner\n");
  write("sys/fs/cgroup/outer/inner/cpu.max", "max 100000\n");
  write("sys/fs/cgroup/outer/cpu.max", "190000 100000\n");
  EXPECT_EQ(cores(), 1);
  write("sys/fs/cgroup/outer/cpu.max", "200000 100000\n");
  EXPECT_EQ(cores(), 2);
  write("sys/fs/cgroup/outer/cpu.max", "20000 100000\n");
  EXPECT_EQ(cores(), 1) << "never none";
}

TEST_F(StudyCores, KeepToTheQuotaOfVersionOne) {
  write("proc/self/cgroup", "4:cpu,cpuacct:/box\n3:memory:/box\n");
  write("sys/fs/cgroup/cpu/box/cpu.cfs_quota_us", "100000");
  write("sys/fs/cgroup/cpu/box/cpu.cfs_period_us", "100000");
  EXPECT_EQ(cores(), 1);
  write("sys/fs/cgroup/cpu/box/cpu.cfs_quota_us", "-1");
  EXPECT_GE(cores(), 2);
}

TEST_F(StudyCores, KeepToTheMemory) {
  write("proc/meminfo", "MemAvailable: 2000000 kB\n");
  EXPECT_EQ(cores(), 1) << "of the machine";
  write("proc/meminfo", "MemAvailable: 8388608 kB\n");
  write("proc/self/cgroup", "0::/\n");
  write("sys/fs/cgroup/memory.max", "4294967296");
  write("sys/fs/cgroup/memory.current", "3000000000");
  EXPECT_EQ(cores(), 1) << "of the group";
  write("sys/fs/cgroup/memory.max", "max");
  EXPECT_GE(cores(), 2);
}

}  // namespace
}  // namespace basin::study
