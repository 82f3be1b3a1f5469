// What flows between two layers of a network, for one example.
#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace basin::nn {

// An image is height x width x channels; features are {1, 1, features}. The other forms are made by the
// functions below.
//
// Tensors  image: N x channels x height x width, channels last; features: N x features; sequence: N x steps x
//          channels; tokens: N x steps, int64; sparse: one CSR tensor, N x columns
struct Shape {
  enum class Form { image, sequence, tokens, sparse };

  std::int64_t height = 1, width = 1, channels = 1;  // sequence, tokens: height steps of channels or symbols
  Form form = Form::image;
  // Features that are columns of a table: for each, its number of categories, or 0 if it holds numbers. A
  // category is a whole number from 0. Empty if all are numbers.
  std::vector<std::int64_t> categories = {};

  static Shape features(std::int64_t count) { return {1, 1, count}; }
  static Shape sequence(std::int64_t steps, std::int64_t channels) {
    return {steps, 1, channels, Form::sequence};
  }
  static Shape tokens(std::int64_t steps, std::int64_t symbols) { return {steps, 1, symbols, Form::tokens}; }
  static Shape sparse(std::int64_t columns) { return {1, 1, columns, Form::sparse}; }
  static Shape table(std::vector<std::int64_t> categories) {
    return {1, 1, static_cast<std::int64_t>(categories.size()), Form::image, std::move(categories)};
  }

  // Returns how many numbers it holds; of tokens, how many tokens.
  std::int64_t size() const { return form == Form::tokens ? height : height * width * channels; }
  bool is_features() const { return form == Form::image && height == 1 && width == 1; }
  bool operator==(const Shape&) const = default;
};

// Returns "an image of 28x28x1", "10 numbers", "a sequence of 100 steps of 2", "64 tokens of 65 symbols", "a
// sparse row of 123 columns" or "9 columns, 2 of them categories".
std::string text_of(const Shape& shape);

}  // namespace basin::nn
