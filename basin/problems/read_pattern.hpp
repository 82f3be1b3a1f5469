// A pattern that finds numbers in what a program prints: val loss: (?<val_loss>\S+)
//
// Accepts  regular expressions of ECMAScript as std::regex knows them, with named groups: (?<name>...), or
//          Python's (?P<name>...). A pattern may match anywhere in a line, and more than once
// Refuses  with InputError: a pattern without a named group, two groups of one name, what std::regex refuses
// Limit    a line's first 1,024 bytes: std::regex recurses, a frame of the stack for each character
#pragma once
#include <functional>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

namespace basin {

class ReadPattern {
 public:
  explicit ReadPattern(const std::string& text);
  const std::vector<std::string>& names() const { return names_; }
  // Calls found(name, text) for each named group that took part in a match.
  void search(std::string_view line,
              const std::function<void(const std::string& name, std::string_view text)>& found) const;

 private:
  std::regex regex_;
  std::vector<std::string> names_;
  std::vector<std::size_t> groups_;  // their numbers
};

}  // namespace basin
