// The messages between parent and worker: frames over a stream socket.
//
// Layout   a frame is a u32 length, little-endian, and as many bytes of JSON: one object with a "type"
// Refuses  with FormatError: frames of more than 16 MiB, and JSON that is not an object with a "type"
//
//   parent -> worker                             worker -> parent
//   run       {trial, problem, settings, data,   hello     {version, libtorch}
//              weights, checkpoints, verdicts}   progress  {number, epoch, epochs, batch, batches, train_loss
//   evaluate  {trial, problem, settings, data,              and other metrics, images_per_second}: Progress
//              weights}                          epoch     {number, epoch: Epoch}
//   range     {trial, problem, settings, data,   done      {number, result: Result}
//              weights, from, to, steps}         beat      {number}: a sign of life
//   go_on     {number}                           tested    {number, test: TestResult}
//   stop      {number, reason}                   ranged    {number, losses}: null for one that is not finite
//   probe     {}                                 probed    {probe}: worker/probe.hpp
//   quit      {}                                 warning   {number, message}: the trial continues
//                                                error     {number, message}: the trial failed
//
// problem      the whole Problem: a worker looks up by name only what a user's own program adds to it
// data         {"fd": n, "bytes": m}: the decoded data set in shared memory that the worker inherited
//              (data/shared.hpp), or null if the worker loads its own
// weights      path of the safetensors file that `run` writes at its end and `evaluate` reads
// checkpoints  {"folder": path for this trial only, "every": seconds}, or null. A trial continues from what
//              is there and reports the earlier epochs first; a worker whose parent goes away writes a
//              checkpoint and ends, within 10 s (orphan.hpp)
//
// verdicts     true: after each epoch the worker waits for go_on or stop; a trial that is stopped is done,
//              and its state is pruned
//
// A busy worker sends something at every batch that it takes, but at most once per second: a parent may
// assume that a worker hangs if it is silent for long.
#pragma once
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "basin/core/error.hpp"

namespace basin::study {

using Json = nlohmann::json;

inline constexpr std::size_t largest_frame = 16u << 20;
inline constexpr int protocol_version = 4;  // sent in hello; parent and worker must agree

// The descriptors that are open when a worker starts. `--fd 3` on its command line says so, too.
inline constexpr int channel_fd = 3;  // its end of the socket
inline constexpr int data_fd = 4;     // the data set in shared memory, if the parent has one

// Takes bytes as they arrive and returns whole messages. An incomplete frame waits for its rest.
class FrameReader {
 public:
  void append(std::string_view bytes) { buffer_.append(bytes); }
  // Returns the next whole message; nothing if more bytes are needed. Throws FormatError.
  std::optional<Json> next();

 private:
  std::string buffer_;
  std::size_t offset_ = 0;  // position of the buffer's first byte in the stream, for messages
};

// Returns the bytes of a frame with one message.
std::string frame(const Json& message);

// A blocking socket that carries frames; for the worker's side. Does not own the socket. Throws Error if the
// socket fails, FormatError if the other side sends something else.
class Channel {
 public:
  explicit Channel(int fd) : fd_(fd) {}
  // Returns false if the other side is gone.
  bool send(const Json& message);
  // Returns nothing if the other side closed the socket.
  std::optional<Json> receive();
  // Returns whether the other side has closed; does not block, and consumes nothing. A worker calls it
  // between batches.
  bool closed() const;

 private:
  int fd_;
  FrameReader reader_;
};

}  // namespace basin::study
