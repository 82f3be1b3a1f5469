// What a program prints: its lines, a file of it, its last lines. Memory and file are bounded, whatever is
// printed.
#pragma once
#include <cstddef>
#include <deque>
#include <fstream>
#include <functional>
#include <string>
#include <string_view>

namespace basin::program {

inline constexpr std::size_t longest_line = 1 << 16;   // bytes; what exceeds it is not read
inline constexpr std::size_t longest_log = 16u << 20;  // bytes
inline constexpr std::size_t lines_kept = 20;          // at the end
inline constexpr std::size_t longest_line_kept = 300;  // bytes

// Cuts bytes into lines. A carriage return ends a line, too: progress bars write it.
class Lines {
 public:
  using Take = std::function<void(std::string_view line)>;
  void append(std::string_view bytes, const Take& take);
  // What was printed last need not end in a newline.
  void finish(const Take& take);

 private:
  std::string begun_;
};

// The last lines that are not blank.
class LastLines {
 public:
  void add(std::string_view line);
  // Returns at most `count` of them as one line of at most `length` bytes: "a | b".
  std::string in_one_line(std::size_t count, std::size_t length) const;
  const std::deque<std::string>& lines() const { return lines_; }

 private:
  std::deque<std::string> lines_;
};

// A file with the beginning of the output; if it was longer, also with the last lines.
class Log {
 public:
  // Replaces the file. Throws Error if it cannot be written.
  explicit Log(const std::string& path);
  void write(std::string_view bytes);
  void finish(const LastLines& last);

 private:
  std::ofstream file_;
  std::size_t written_ = 0, left_out_ = 0;
};

}  // namespace basin::program
