// A worker that has nothing to report gives signs of life.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "basin/records/json.hpp"
#include "basin/study/design.hpp"
#include "basin/study/pool.hpp"
#include "tests/paths.hpp"
#include "tests/study/sample_study.hpp"

namespace basin::study {
namespace {

// One full batch, in so many pieces that it takes seconds: a parent must not mistake that for a hang.
TEST(WorkerBeat, IsHeardWithinALongBatch) {
  const TemporaryFolder folder;
  Pool pool({.program = paths::worker, .arguments = {}, .logs = folder / "logs"});
  ASSERT_TRUE(pool.hello({}));
  const int examples = 20'000;
  const Trial trial = make_trials({.optimizers = {"sgd"}, .batch_sizes = {examples}}, "ofat", 1).front();
  const Settings settings{.problem = "own-spirals", .epochs = 1, .train_size = examples, .micro_batch = 1};
  pool.send(0, {{"type", "run"},
                {"trial", trial},
                {"problem", Problem{.name = "own-spirals"}},
                {"settings", settings},
                {"data", pool.data()},
                {"weights", folder / "weights.safetensors"}});
  int beats = 0;
  while (true) {
    for (const Event& event : pool.wait(1000)) {
      ASSERT_TRUE(event.message) << event.reason;
      const Json& message = *event.message;
      if (message["type"] == "beat") {
        EXPECT_EQ(message["number"], trial.number);
        ++beats;
      } else {
        EXPECT_EQ(message["type"], "progress") << message;
        EXPECT_EQ(message["batches"], 1);
        EXPECT_GE(beats, 1) << "the batch went by in silence";
        return;
      }
    }
  }
}

}  // namespace
}  // namespace basin::study
