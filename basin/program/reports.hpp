// The numbers in what a program prints.
//
// Accepts  a line that is a JSON object, {"epoch": 3, "val_loss": 0.21}: its numbers, by their keys. NaN,
//          Infinity and -Infinity, as Python writes them, and null, which counts as NaN, are numbers. Other
//          values are ignored
//          a line that a pattern of the program matches: the numbers in its named groups
// Ignores  every other line
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "basin/problems/program.hpp"
#include "basin/problems/read_pattern.hpp"

namespace basin::program {

struct Report {
  std::optional<double> epoch;           // as the program counts
  std::map<std::string, double> values;  // by the names that it uses
};

class Reader {
 public:
  // Throws InputError for a pattern that is none.
  explicit Reader(const Program& program);
  // Returns the numbers of a line; nothing if it has none.
  std::optional<Report> read(std::string_view line) const;

 private:
  std::vector<ReadPattern> patterns_;
};

// Returns the number that a text begins with, "0.21" of "0.21,", also nan and inf; nothing if there is none.
std::optional<double> number_in(std::string_view text);

}  // namespace basin::program
