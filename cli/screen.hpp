// The last lines of a terminal, drawn again in place.
#pragma once
#include <cstddef>
#include <string>
#include <vector>

namespace basin::cli {

class Screen {
 public:
  explicit Screen(int fd);
  // Letters in a line, less one: some terminals wrap when the last column is filled.
  std::size_t width() const;
  // Replaces the lines drawn before by these; one write, so nothing flickers.
  void draw(const std::vector<std::string>& lines);
  // Takes the drawn lines away.
  void clear() { draw({}); }

 private:
  int fd_;
  bool color_;
  std::size_t drawn_ = 0;  // lines
};

// A terminal that can be drawn on: not a pipe, not TERM=dumb.
bool is_terminal(int fd);

}  // namespace basin::cli
