// The last lines of a terminal, drawn again in place.
#pragma once
#include <cstddef>
#include <string>
#include <vector>

namespace basin::cli {

class Screen {
 public:
  explicit Screen(int fd);
  // The letters in a line, minus one: some terminals wrap when the last column is filled.
  std::size_t width() const;
  // Replaces the lines drawn before by these, in one write, so that nothing flickers.
  void draw(const std::vector<std::string>& lines);
  // Removes the drawn lines.
  void clear() { draw({}); }

 private:
  int fd_;
  bool color_;
  std::size_t drawn_ = 0;  // lines
};

// Returns whether it is a terminal that can be drawn on: not a pipe, not TERM=dumb.
bool is_terminal(int fd);

}  // namespace basin::cli
