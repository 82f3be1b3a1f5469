#include "cli/screen.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string_view>

namespace basin::cli {
namespace {

constexpr std::string_view clear_to_line_end = "\x1b[K", clear_below = "\x1b[J", cyan = "\x1b[36m",
                           plain = "\x1b[0m";

bool given(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

// Colours the filled part of a bar.
std::string colored(const std::string& line) {
  constexpr std::string_view full = "━";
  const std::size_t first = line.find(full), last = line.rfind(full);
  if (first == std::string::npos) return line;
  std::string out = line;
  out.insert(last + full.size(), plain);
  out.insert(first, cyan);
  return out;
}

void write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::write(fd, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return;  // nobody is looking any more: not a reason to stop
    text.remove_prefix(static_cast<std::size_t>(n));
  }
}

}  // namespace

bool is_terminal(int fd) {
  const char* term = std::getenv("TERM");
  return ::isatty(fd) != 0 && term != nullptr && std::string_view(term) != "dumb";
}

Screen::Screen(int fd) : fd_(fd), color_(!given("NO_COLOR")) {}

std::size_t Screen::width() const {
  winsize size{};
  if (::ioctl(fd_, TIOCGWINSZ, &size) != 0 || size.ws_col < 2) return 79;
  return size.ws_col - 1u;
}

void Screen::draw(const std::vector<std::string>& lines) {
  if (drawn_ == 0 && lines.empty()) return;
  std::string out;
  if (drawn_ > 0) out += "\x1b[" + std::to_string(drawn_) + "A\r";
  for (const std::string& line : lines) {
    out += color_ ? colored(line) : line;
    out += clear_to_line_end;
    out += "\n";
  }
  out += clear_below;
  write_all(fd_, out);
  drawn_ = lines.size();
}

}  // namespace basin::cli
