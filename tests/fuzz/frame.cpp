// Any bytes from a socket: refused, or the same messages however the bytes were split; each survives being
// sent again.
#include <string>
#include <vector>

#include "basin/study/protocol.hpp"
#include "tests/fuzz/require.hpp"

namespace {

using basin::study::FrameReader;
using basin::study::Json;

// Returns the messages in `bytes`, which arrive in pieces of `step`, and whether they ended with a refusal.
std::pair<std::vector<Json>, bool> read(std::string_view bytes, std::size_t step) {
  std::vector<Json> messages;
  FrameReader reader;
  try {
    for (; !bytes.empty(); bytes.remove_prefix(std::min(step, bytes.size()))) {
      reader.append(bytes.substr(0, step));
      while (auto message = reader.next()) messages.push_back(std::move(*message));
    }
  } catch (const basin::FormatError&) {
    return {messages, true};
  }
  return {messages, false};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto whole = read(bytes, std::max<std::size_t>(size, 1));
  require(whole == read(bytes, 1), "torn frames give the same messages");
  for (const Json& message : whole.first)
    require(read(basin::study::frame(message), size).first == std::vector{message},
            "a message survives being sent");
  return 0;
}
