// What parent and worker say to each other: frames over a stream socket.
//
// Layout   a frame is a u32 length, little-endian, and as many bytes of JSON: one object with a "type"
// Refuses  frames of more than 16 MiB, and JSON that is no object with a "type": FormatError
//
//   parent -> worker                                        worker -> parent
//   run       {trial, settings, data, weights,              hello     {version, libtorch}
//              checkpoints}
//   evaluate  {trial, settings, data, weights}              progress  {number, epoch, epochs, batch, batches, loss,
//   range     {trial, settings, data, weights,                         accuracy, images_per_second}: Progress
//              from, to, steps}                             epoch     {number, epoch: Epoch}
//   probe     {}                                            done      {number, result: Result}
//   quit      {}                                            beat      {number}            a sign of life
//                                                           tested    {number, test: TestResult}
//                                                           ranged    {number, losses}: null for one that is not finite
//                                                           probed    {probe}: worker/probe.hpp
//                                                           warning   {number, message}   the trial goes on
//                                                           error     {number, message}   the trial failed, the worker lives
//
// data     {"fd": n, "bytes": m}: the decoded data set in shared memory that the worker inherited (data/shared.hpp),
//          or null where the worker loads its own
// weights  path of the safetensors file that `run` writes at its end and `evaluate` reads
// checkpoints  {"folder": path of this trial's alone, "every": seconds}, or null. A trial goes on from what is there and tells of
//          the epochs before it first; a worker whose parent goes away writes one and ends, within 10 s (orphan.hpp)
//
// A worker that has work says something at every batch that it takes, though not more often than every second: a parent may
// take one that says nothing for long to hang.
#pragma once
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "basin/core/error.hpp"

namespace basin::study {

using Json = nlohmann::json;

inline constexpr std::size_t largest_frame = 16u << 20;
inline constexpr int protocol_version = 2;  // said in hello; parent and worker must agree

// What a worker finds open when it starts. `--fd 3` on its command line says so too.
inline constexpr int channel_fd = 3;  // its end of the socket
inline constexpr int data_fd = 4;     // the data set in shared memory, where the parent has one

// Takes bytes as they come, gives whole messages. A torn frame waits for its rest.
class FrameReader {
 public:
  void append(std::string_view bytes) { buffer_.append(bytes); }
  // The next whole message; nothing when more bytes are needed. Throws FormatError.
  std::optional<Json> next();

 private:
  std::string buffer_;
  std::size_t offset_ = 0;  // of the buffer's first byte in the stream, for messages
};

// One message as the bytes of a frame.
std::string frame(const Json& message);

// A socket that speaks frames and blocks; for the worker's side. Does not own the socket. Throws Error when the socket
// fails, FormatError when the other side speaks something else.
class Channel {
 public:
  explicit Channel(int fd) : fd_(fd) {}
  // False when the other side is gone.
  bool send(const Json& message);
  // Nothing when the other side closed the socket.
  std::optional<Json> receive();
  // True when the other side has closed; does not block and takes nothing. A worker asks between batches.
  bool closed() const;

 private:
  int fd_;
  FrameReader reader_;
};

}  // namespace basin::study
