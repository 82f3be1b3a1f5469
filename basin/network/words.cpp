#include "basin/network/words.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <sstream>

#include "basin/core/error.hpp"
#include "basin/core/knobs.hpp"
#include "basin/core/names.hpp"

namespace basin::nn {
namespace {

std::vector<std::string> words_of(std::string_view text) {
  std::istringstream stream{std::string(text)};
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

std::int64_t count_of(const std::string& word, const char* what, std::int64_t outputs) {
  if (word == "outputs") {
    if (outputs > 0) return outputs;
    throw InputError("outputs stands for the number of outputs, which is not known here; write a number");
  }
  std::int64_t value = 0;
  const char* const end = word.data() + word.size();
  const auto [stop, error] = std::from_chars(word.data(), end, value);
  if (error == std::errc{} && stop == end && value >= 1 && value <= largest_count) return value;
  throw InputError(std::string(what) + " '" + word + "' is not a whole number from 1 to 1000000");
}

double probability_of(const std::string& word) {
  if (const auto value = number_of(word); value && *value >= 0 && *value < 1) return *value;
  throw InputError("the probability '" + word + "' is not a number in [0, 1)");
}

double positive(const std::string& what, const std::string& word) {
  if (const auto value = number_of(word); value && *value > 0 && std::isfinite(*value)) return *value;
  throw InputError(what + " '" + word + "' is not a number above 0");
}

// A usage without what is inside its parentheses.
std::string_view head_of(std::string_view usage) { return usage.substr(0, usage.find('(')); }

// Returns the words by which the options of a usage are known: same, valid and stride of "[same|valid]
// [stride S]".
std::vector<std::string> options_of(std::string_view usage) {
  std::vector<std::string> out;
  for (std::size_t at = usage.find('['); at != usage.npos; at = usage.find('[', at + 1)) {
    const std::string_view option = usage.substr(at + 1, usage.find(']', at) - at - 1);
    for (const std::string_view name : split(option, '|')) out.emplace_back(name.substr(0, name.find(' ')));
  }
  return out;
}

}  // namespace

std::int64_t product(const char* what, std::initializer_list<std::int64_t> factors) {
  std::int64_t out = 1;
  for (const std::int64_t factor : factors)
    if (__builtin_mul_overflow(out, factor, &out) || out > most_numbers)
      throw InputError("it would have more than " + std::to_string(most_numbers) + " " + what);
  return out;
}

Words::Words(std::string_view text, std::int64_t outputs) : words_(words_of(text)), outputs_(outputs) {
  if (words_.empty()) throw InputError("it is empty");
}

std::string Words::word() {
  if (words_.size() < 2) throw InputError("a word is missing");
  const std::string out = words_[1];
  words_.erase(words_.begin() + 1);
  return out;
}

std::int64_t Words::count(const char* what) { return count_of(word(), what, outputs_); }
double Words::probability() { return probability_of(word()); }

Words::Kernel Words::kernel() {
  const std::string text = word();
  const auto x = text.find('x');
  if (x != std::string::npos && text.substr(0, x) != text.substr(x + 1))
    throw InputError("the kernel '" + text + "' is not square; write it like 3x3");
  return {count_of(text.substr(0, x), "the kernel's edge", 0), x != std::string::npos};
}

std::int64_t Words::square_kernel() {
  const Kernel out = kernel();
  if (out.square) return out.edge;
  const std::string edge = std::to_string(out.edge);
  throw InputError("the kernel '" + edge + "' is not square; write it like " + edge + "x" + edge);
}

std::array<std::int64_t, 3> Words::extents() {
  const std::string text = word();
  const std::vector<std::string_view> parts = split(text, 'x');
  if (parts.size() != 3) throw InputError("the shape '" + text + "' is not HxWxC; write it like 28x28x1");
  const auto extent = [&](std::size_t i) { return count_of(std::string(parts[i]), "the extent", 0); };
  return {extent(0), extent(1), extent(2)};
}

std::optional<double> Words::optional_number(const char* what) {
  if (words_.size() < 2) return {};
  return positive(what, word());
}

bool Words::option(std::string_view name) {
  const auto found = std::find(words_.begin() + 1, words_.end(), name);
  if (found == words_.end()) return false;
  words_.erase(found);
  return true;
}

// Returns the word after the option; empty if the option is not there.
std::string Words::option_value(std::string_view name) {
  const auto found = std::find(words_.begin() + 1, words_.end(), name);
  if (found == words_.end()) return "";
  if (found + 1 == words_.end()) throw InputError(std::string(name) + " lacks its value");
  const std::string value = found[1];
  words_.erase(found, found + 2);
  return value;
}

std::optional<std::int64_t> Words::count_option(std::string_view name, const char* what) {
  const std::string value = option_value(name);
  if (value.empty()) return {};
  return count_of(value, what, outputs_);
}

std::optional<double> Words::number_option(std::string_view name) {
  const std::string value = option_value(name);
  if (value.empty()) return {};
  return positive(std::string(name), value);
}

std::optional<double> Words::probability_option(std::string_view name) {
  const std::string value = option_value(name);
  if (value.empty()) return {};
  return probability_of(value);
}

void Words::check_count(std::string_view usage) const {
  const std::string_view head = head_of(usage);
  const std::size_t fewest = words_of(head.substr(0, head.find('['))).size(), most = words_of(head).size();
  if (words_.size() < fewest || words_.size() > most) throw InputError("write it as " + std::string(usage));
}

void Words::check_taken(std::string_view usage) const {
  if (words_.size() > 1) throw InputError(unknown("option", words_[1], options_of(head_of(usage))));
}

}  // namespace basin::nn
