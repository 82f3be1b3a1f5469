#include "basin/study/protocol.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

namespace basin::study {
namespace {

const Json first{{"type", "hello"}, {"version", 1}}, second{{"type", "quit"}};

TEST(StudyFrames, ComeOutWholeHoweverTheyAreTorn) {
  const std::string bytes = frame(first) + frame(second);
  for (std::size_t i = 0; i <= bytes.size(); ++i) {
    FrameReader reader;
    std::vector<Json> got;
    for (const std::string_view part :
         {std::string_view(bytes).substr(0, i), std::string_view(bytes).substr(i)}) {
      reader.append(part);
      while (auto message = reader.next()) got.push_back(*message);
    }
    EXPECT_EQ(got, (std::vector{first, second})) << "torn at byte " << i;
  }
}

TEST(StudyFrames, ComeOutByteByByte) {
  FrameReader reader;
  const std::string bytes = frame(first);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    EXPECT_FALSE(reader.next()) << i;
    reader.append(bytes.substr(i, 1));
  }
  EXPECT_EQ(reader.next(), first);
}

std::string refusal(std::string_view bytes) {
  FrameReader reader;
  reader.append(frame(second));
  reader.append(bytes);
  reader.next();
  try {
    reader.next();
  } catch (const FormatError& e) {
    return e.what();
  }
  return "no error";
}

TEST(StudyFrames, RefuseWhatIsNoMessage) {
  const std::string wanted = "byte 23: wanted a JSON object with a \"type\", found something else";
  EXPECT_EQ(refusal(std::string("\x03\0\0\0{!}", 7)), wanted);
  EXPECT_EQ(refusal(std::string("\x02\0\0\0[]", 6)), wanted);
  EXPECT_EQ(refusal(std::string("\x02\0\0\0{}", 6)), wanted);
  EXPECT_EQ(refusal(std::string("\x0a\0\0\0{\"type\":1}", 14)), wanted);
  EXPECT_EQ(refusal(std::string("\0\0\0\0", 4)), wanted);
  EXPECT_EQ(refusal("GET / HTTP/1.1"), "byte 19: wanted a frame of at most 16777216 bytes, found 542393671");
}

TEST(StudyFrames, RefuseToBeTooLong) {
  EXPECT_THROW(frame({{"type", std::string(largest_frame, 'x')}}), Error);
  EXPECT_EQ(refusal(std::string("\x01\0\0\x01", 4)),
            "byte 19: wanted a frame of at most 16777216 bytes, found 16777217");
}

TEST(StudyFrames, ReplaceBytesThatAreNoText) {
  FrameReader reader;
  reader.append(frame({{"type", "error"},
                       {"message",
                        "a\xff"
                        "b"}}));
  EXPECT_EQ((*reader.next())["message"],
            "a\xef\xbf\xbd"
            "b");
}

class StudyChannel : public testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends_.data()), 0); }
  void TearDown() override {
    ::close(ends_[0]);
    if (ends_[1] >= 0) ::close(ends_[1]);
  }
  void hang_up() {
    ::close(ends_[1]);
    ends_[1] = -1;
  }
  std::array<int, 2> ends_{};
};

TEST_F(StudyChannel, SpeaksBothWays) {
  Channel here(ends_[0]), there(ends_[1]);
  EXPECT_TRUE(here.send(first));
  EXPECT_TRUE(here.send(second));
  EXPECT_EQ(there.receive(), first);
  EXPECT_EQ(there.receive(), second);
  EXPECT_TRUE(there.send(second));
  EXPECT_EQ(here.receive(), second);
}

TEST_F(StudyChannel, CarriesMoreThanTheSocketHolds) {
  const Json large{{"type", "x"}, {"payload", std::string(8 << 20, 'y')}};
  const pid_t child = ::fork();
  if (child == 0) ::_exit(Channel(ends_[1]).send(large) ? 0 : 1);
  EXPECT_EQ(Channel(ends_[0]).receive(), large);
  int status = 1;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

TEST_F(StudyChannel, SeesThatTheOtherSideIsGone) {
  Channel here(ends_[0]);
  EXPECT_FALSE(here.closed());
  Channel(ends_[1]).send(first);
  EXPECT_FALSE(here.closed()) << "a message waits, and the other side is there";
  hang_up();
  EXPECT_TRUE(here.closed()) << "even with a message that waits";
  EXPECT_EQ(here.receive(), first);
  EXPECT_EQ(here.receive(), std::nullopt);
  EXPECT_FALSE(here.send(first)) << "and no SIGPIPE";
}

TEST_F(StudyChannel, ATornFrameAtTheEndIsNoMessage) {
  const std::string bytes = frame(first);
  ASSERT_EQ(::write(ends_[1], bytes.data(), bytes.size() - 1), static_cast<ssize_t>(bytes.size() - 1));
  hang_up();
  EXPECT_EQ(Channel(ends_[0]).receive(), std::nullopt);
}

}  // namespace
}  // namespace basin::study
