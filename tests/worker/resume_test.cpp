// One trial with a real worker, interrupted in every possible way: it continues from within, with the same
// bits.
#include <nlohmann/json.hpp>

#include "tests/cli/command.hpp"

namespace {

using namespace basin;
using Json = nlohmann::json;

class InsideATrial : public cli::InFolder {
 protected:
  const std::string call_ =
      "$BASIN train own-spirals --worker $WORKER --epochs 150 --train-size 1500 --checkpoint-every 0.05 "
      "--schedule cosine --optimizer clip_global_norm:1+adam --out ";
  std::string curves(const std::string& out) const {
    return shell("rev " + out + "/curves.csv | cut -d, -f2- | rev").text;
  }
  std::string weights(const std::string& out) const {
    return shell("cksum < " + out + "/weights/trial-0.safetensors").text;
  }
  // Runs it until it is within the trial, and then runs `how`, with the parent as $parent.
  void interrupt(const std::string& how) const {
    shell(call_ +
          "out >lines 2>&1 & parent=$!\n"
          "for i in $(seq 600); do grep -q 'epoch 20/' lines && break; sleep 0.05; done\n" +
          how +
          "\nwait $parent\n"
          "echo $? >status");
  }
  // Returns the state in the newest manifest.
  Json checkpoint() const {
    const std::string newest = shell("ls -v out/checkpoints/trial-0/*.json | tail -n 1 | tr -d '\\n'").text;
    return newest.empty() ? Json() : Json::parse(text_of(newest))["content"]["state"];
  }
  void expect_to_go_on() const {
    const Json before = checkpoint();
    ASSERT_FALSE(before.is_null()) << text_of("lines");
    ASSERT_GE(before["fit"]["rows"].size(), 1u);
    ASSERT_EQ(shell(call_ + "out --resume >again 2>&1").status, 0) << text_of("again");
    ASSERT_EQ(shell(call_ + "straight >whole 2>&1").status, 0) << text_of("whole");
    EXPECT_EQ(curves("out"), curves("straight"));
    EXPECT_EQ(weights("out"), weights("straight"));
    const Json results = Json::parse(text_of("out/results.json"));
    EXPECT_EQ(results["trials"][0]["curve"]["seconds"][0], before["fit"]["rows"][0]["seconds"])
        << "its first epoch was trained again";
    EXPECT_FALSE(exists("out/checkpoints"));
  }
};

// SIGINT, which is Ctrl-C, is ignored in the background of a non-interactive shell.
TEST_F(InsideATrial, GoesOnAfterASignal) {
  interrupt("kill -TERM $parent");
  EXPECT_EQ(text_of("status"), "130\n");
  expect_to_go_on();
}

TEST_F(InsideATrial, GoesOnAfterTheParentWasKilled) {
  interrupt("kill -KILL $parent");
  EXPECT_EQ(text_of("status"), "137\n");
  expect_to_go_on();
}

TEST_F(InsideATrial, GoesOnAfterTheWorkerWasKilled) {
  interrupt("kill -KILL $(cat /proc/$parent/task/$parent/children)");
  EXPECT_EQ(text_of("status"), "1\n");
  expect_to_go_on();
}

}  // namespace
