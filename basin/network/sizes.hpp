// What a named network is made for: its sizes, as typed, and its input.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "basin/core/error.hpp"
#include "basin/network/shape.hpp"

namespace basin::nn::networks {

inline constexpr std::size_t any_number = 100;

// An input and a number of outputs for which the network is shown.
struct Example {
  Shape in;
  std::int64_t outputs;
};

class Sizes {
 public:
  // `text`: the network as typed, "mlp 128 64". Throws InputError for a word after the first that is not a
  // whole number from 1 to a million, and for more than `most` of them.
  static Sizes parse(std::string_view text, std::string_view usage, std::size_t most);
  // Returns the sizes as typed, or these if there are none.
  std::vector<std::int64_t> or_else(std::vector<std::int64_t> usual) const;
  // Returns these with the first ones as typed. Requires that no more were typed.
  std::vector<std::int64_t> over(std::vector<std::int64_t> usual) const;

 private:
  std::vector<std::int64_t> typed_;
};

// Returns the layers that turn an input into features, with a comma after them: "flatten, " for an image.
std::string start_of_features(const Shape& in);
// Returns the word for a linear layer over the input: "sparse-linear" for sparse rows.
std::string first_linear(const Shape& in);
// Throws InputError, "it reads tokens, not an image of 28x28x1".
void require_tokens(const Shape& in);

}  // namespace basin::nn::networks
