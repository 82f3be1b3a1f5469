// The words of one layer, "conv 16 3x3 same", taken one by one.
#pragma once
#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace basin::nn {

// Far above any layer that fits in memory, and small enough that the product of two does not overflow.
inline constexpr std::int64_t largest_count = 1'000'000, most_numbers = 1'000'000'000'000;

// Returns the product of the factors. Throws InputError for more than a layer can have of `what`.
std::int64_t product(const char* what, std::initializer_list<std::int64_t> factors);

// Required words come first, in order; options follow in any order. All functions throw InputError for a word
// that is not what they take.
class Words {
 public:
  // `outputs` is what the word "outputs" stands for; 0 if it is not known.
  Words(std::string_view text, std::int64_t outputs);

  const std::string& name() const { return words_.front(); }
  std::size_t size() const { return words_.size(); }

  struct Kernel {
    std::int64_t edge;
    bool square;  // 3x3, not 3
  };

  // Takes the next word: a whole number from 1 to a million, a probability in [0, 1), a kernel, the edge of a
  // square one, height x width x channels.
  std::int64_t count(const char* what);
  double probability();
  Kernel kernel();
  std::int64_t square_kernel();
  std::array<std::int64_t, 3> extents();
  std::string word();
  // Takes the next word, a number above 0, if there is one.
  std::optional<double> optional_number(const char* what);

  // Takes an option from wherever it is.
  bool option(std::string_view name);
  std::optional<std::int64_t> count_option(std::string_view name, const char* what);
  std::optional<double> number_option(std::string_view name);
  std::optional<double> probability_option(std::string_view name);

  // Throws InputError, "write it as linear UNITS", unless there are as many words as `usage` has; options are
  // in brackets, and what follows a parenthesis does not count.
  void check_count(std::string_view usage) const;
  // Throws InputError for an option that was not taken, naming those of `usage`.
  void check_taken(std::string_view usage) const;

 private:
  std::string option_value(std::string_view name);

  std::vector<std::string> words_;  // the name, and what has not been taken
  std::int64_t outputs_;
};

}  // namespace basin::nn
