// The texts that the command prints: tables, bars.
#include <gtest/gtest.h>

#include "cli/progress_text.hpp"
#include "cli/text_table.hpp"

namespace basin::cli {
namespace {

TEST(CliTable, ColumnsAreAsWideAsTheirWidestCell) {
  EXPECT_EQ(text_table({{"name"}, {"value", Align::right}},
                       {{"a", "1"}, {"longer", "1.25 ± 0.5"}, {"two\nlines", "3"}}),
            "name         value\n"
            "──────────────────\n"
            "a                1\n"
            "longer  1.25 ± 0.5\n"
            "two              3\n"
            "lines\n");
}

ProgressState two_running() {
  return {.running = {{.label = "adam lr 0.001 batch 64 default seed 0",
                       .progress = {.epoch = 2,
                                    .epochs = 4,
                                    .batch = 50,
                                    .batches = 100,
                                    .train = {{"loss", 0.41234}, {"accuracy", 0.861}},
                                    .images_per_second = 4120.4},
                       .seconds = 30},
                      {.label = "sgd lr 0.1 batch 64 default seed 0", .progress = {.epochs = 4}}},
          .finished = 3,
          .total = 5,
          .seconds = 100};
}

TEST(CliProgress, ALineATrialAndOneOverAll) {
  const auto lines = progress_lines(two_running(), 140);
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[0],
            "adam lr 0.001 batch 64 default seed 0  ━━━━━━━─────────────  2/4  loss 0.4123  acc 86.10  4,120 "
            "examples/s  "
            "0:50 left");
  EXPECT_EQ(lines[1], "sgd lr 0.1 batch 64 default seed 0     ────────────────────  0/4");
  EXPECT_EQ(lines[2],
            "3 of 5 trials                          ━━━━━━━━━━━━━───────  67%  1:40 passed  0:48 left");
}

TEST(CliProgress, NoLineIsWiderThanTheTerminal) {
  for (std::size_t width = 1; width < 160; ++width) {
    for (const std::string& line : progress_lines(two_running(), width)) EXPECT_LE(width_of(line), width);
  }
}

TEST(CliProgress, CutEndsInAnEllipsis) {
  EXPECT_EQ(cut("━━━━", 4), "━━━━");
  EXPECT_EQ(cut("━━━━", 3), "━━…");
  EXPECT_EQ(cut("abc", 0), "");
}

TEST(CliProgress, Epochs) {
  EXPECT_EQ(epoch_text({.epoch = 2,
                        .seconds = 12.4,
                        .lr = 0.001,
                        .train = {{"loss", 0.5}, {"accuracy", 0.8}},
                        .validation = {{"loss", 0.45}, {"accuracy", 0.84}}},
                       5, "accuracy"),
            "epoch 2/5  loss 0.5000  acc 80.00  val loss 0.4500  val acc 84.00  12 s");
}

}  // namespace
}  // namespace basin::cli
