// Event files: the bytes of TensorBoard's own writer, the framing, and the contents of a run.
// tensorboard_judge.py tests how another reader of protocol buffers reads a whole study.
#include "basin/report/tensorboard.hpp"

#include <gtest/gtest.h>

#include "basin/report/protobuf.hpp"
#include "basin/report/tfrecord.hpp"
#include "tests/study/sample_study.hpp"

namespace basin::report {
namespace {

std::string hex(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    for (const int shift : {4, 0}) out += "0123456789abcdef"[static_cast<unsigned char>(c) >> shift & 15];
  }
  return out;
}

TEST(TfRecord, CrcIsCastagnolis) {
  EXPECT_EQ(crc32c("123456789"), 0xE3069283u) << "the check value of its definition";
  EXPECT_EQ(crc32c(""), 0u);
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8A9136AAu) << "RFC 3720, B.4";
}

TEST(Tensorboard, EventsHaveTheBytesOfItsOwnWriter) {
  EXPECT_EQ(hex(version_event(1.0)),
            "1800000000000000a37f4b2209000000000000f03f1a0d627261696e2e4576656e743a3286bf577a");
  EXPECT_EQ(hex(scalar_event(2.0, 3, "loss", 0.5)),
            "1a00000000000000129bd82d09000000000000004010032a0d0a0b0a046c6f7373150000003fbac36b94");
}

TEST(Protobuf, VarintsHaveSevenBitsAByteAndZeroIsAbsent) {
  EXPECT_EQ(hex(Message().whole(1, 300).bytes()), "08ac02");
  EXPECT_EQ(hex(Message().whole(1, -1).bytes()), "08ffffffffffffffffff01");
  EXPECT_EQ(Message().whole(1, 0).bytes(), "");
  EXPECT_EQ(hex(Message().message(2, Message()).bytes()), "1200");
  EXPECT_EQ(Message().text(1, std::string(200, 'x')).bytes().substr(0, 3), "\x0a\xc8\x01");
}

study::StoredTrial trial(int number, int replicate) {
  study::StoredTrial out;
  out.trial = {.number = number,
               .config = {.optimizer = "clip_norm:1+adam", .knobs = {{"lr", 1e-3}}},
               .replicate = replicate};
  out.result = {.state = study::State::complete, .best_epoch = 1, .validation = {{"loss", 0.25}}};
  out.curve = {
      {.epoch = 1, .seconds = 2.5, .lr = 0.001, .train = {{"loss", 0.5}}, .validation = {{"loss", 0.25}}}};
  out.started = 1.7e9, out.ended = 1.7e9 + 3;
  return out;
}

TEST(Tensorboard, ARunForEachTrialThatWasStarted) {
  auto waiting = trial(2, 2);
  waiting.started = waiting.ended = study::not_known;
  const auto files = event_files(study::study_of({}), {trial(0, 0), trial(1, 1), waiting});
  ASSERT_EQ(files.size(), 3u);
  EXPECT_EQ(files[0].path, "events.out.tfevents.1769860800.basin");
  EXPECT_EQ(files[1].path, "trial-0-clip_norm-1-adam/events.out.tfevents.1769860800.basin");
  EXPECT_NE(files[1].bytes.find("validation/loss"), std::string::npos);
  EXPECT_EQ(files[1].bytes.find("validation/accuracy"), std::string::npos) << "it is not known";
  EXPECT_NE(files[1].bytes.find(scalar_event(1.7e9 + 2.5, 1, "lr", 0.001)), std::string::npos);
  EXPECT_NE(files[2].bytes.find("trial-0-clip_norm-1-adam"), std::string::npos)
      << "replicates are one group, named after the first";
}

TEST(Tensorboard, ATrialThatRunsHasNoEnd) {
  auto running = trial(0, 0);
  running.result = {.state = study::State::running};
  running.ended = study::not_known;
  const auto files = event_files(study::study_of({}), {running});
  EXPECT_NE(files[1].bytes.find("session_start_info"), std::string::npos);
  EXPECT_EQ(files[1].bytes.find("session_end_info"), std::string::npos);
  EXPECT_EQ(files[1].bytes.find("best/loss"), std::string::npos);
}

TEST(Tensorboard, ARegressionShowsItsOwnMetrics) {
  auto one = trial(0, 0);
  one.result.validation = {{"loss", 0.25}, {"rmse", 48'000}, {"r2", 0.75}};
  one.curve.front().validation = one.result.validation;
  study::Study study = study::study_of({});
  study.problem = R"({"name": "houses", "loss": "mse", "metric": "rmse", "metrics": ["r2"]})";
  const auto files = event_files(study, {one});
  ASSERT_EQ(files.size(), 2u);
  for (const char* name : {"validation/loss", "validation/rmse", "validation/r2", "best/rmse"})
    EXPECT_NE(files[1].bytes.find(name), std::string::npos) << name;
  EXPECT_NE(files[1].bytes.find(scalar_event(1.7e9 + 2.5, 1, "validation/rmse", 48'000)), std::string::npos);
  EXPECT_NE(files[0].bytes.find("best/rmse"), std::string::npos) << "the column of the table of runs";
  for (const auto& file : files) EXPECT_EQ(file.bytes.find("accuracy"), std::string::npos);
}

}  // namespace
}  // namespace basin::report
