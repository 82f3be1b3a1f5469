#include "basin/study/protocol.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>

namespace basin::study {
namespace {

constexpr std::size_t prefix = 4;  // bytes that hold the length

std::size_t length_at(std::string_view bytes) {
  std::size_t length = 0;
  for (std::size_t i = 0; i < prefix; ++i)
    length |= std::size_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
  return length;
}

}  // namespace

std::optional<Json> FrameReader::next() {
  if (buffer_.size() < prefix) return std::nullopt;
  const std::size_t length = length_at(buffer_);
  if (length > largest_frame) {
    throw FormatError(offset_, "a frame of at most " + std::to_string(largest_frame) + " bytes",
                      std::to_string(length));
  }
  if (buffer_.size() < prefix + length) return std::nullopt;
  const std::string_view text(buffer_.data() + prefix, length);
  Json message = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  const bool typed = message.is_object() && message.contains("type") && message["type"].is_string();
  if (!typed) throw FormatError(offset_ + prefix, "a JSON object with a \"type\"", "something else");
  buffer_.erase(0, prefix + length);
  offset_ += prefix + length;
  return message;
}

std::string frame(const Json& message) {
  // A worker's error message may contain any bytes; what is not UTF-8 is replaced.
  const std::string text = message.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (text.size() > largest_frame) {
    throw Error("a message of " + std::to_string(text.size()) + " bytes is longer than a frame may be, " +
                std::to_string(largest_frame));
  }
  std::string out;
  for (std::size_t i = 0; i < prefix; ++i) out += static_cast<char>(text.size() >> (8 * i) & 0xff);
  return out + text;
}

bool Channel::send(const Json& message) {
  const std::string bytes = frame(message);
  for (std::size_t sent = 0; sent < bytes.size();) {
    const ssize_t n = ::send(fd_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (n >= 0) {
      sent += static_cast<std::size_t>(n);
    } else if (errno == EPIPE || errno == ECONNRESET) {
      return false;
    } else if (errno != EINTR) {
      throw Error(std::string("cannot write to the socket: ") + std::strerror(errno));
    }
  }
  return true;
}

std::optional<Json> Channel::receive() {
  while (true) {
    if (auto message = reader_.next()) return message;
    std::array<char, 65536> bytes;
    const ssize_t n = ::recv(fd_, bytes.data(), bytes.size(), 0);
    if (n > 0) {
      reader_.append({bytes.data(), static_cast<std::size_t>(n)});
    } else if (n == 0 || errno == ECONNRESET) {
      return std::nullopt;
    } else if (errno != EINTR) {
      throw Error(std::string("cannot read from the socket: ") + std::strerror(errno));
    }
  }
}

bool Channel::closed() const {
  pollfd socket{fd_, POLLRDHUP, 0};
  return ::poll(&socket, 1, 0) > 0 && (socket.revents & (POLLRDHUP | POLLHUP | POLLERR | POLLNVAL)) != 0;
}

}  // namespace basin::study
