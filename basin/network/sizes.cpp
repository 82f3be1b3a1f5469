#include "basin/network/sizes.hpp"

#include <algorithm>

#include "basin/network/words.hpp"

namespace basin::nn::networks {

Sizes Sizes::parse(std::string_view text, std::string_view usage, std::size_t most) {
  Words words(text, 0);
  if (words.size() > most + 1) throw InputError("write it as " + std::string(usage));
  Sizes out;
  while (words.size() > 1) out.typed_.push_back(words.count("the size"));
  return out;
}

std::vector<std::int64_t> Sizes::or_else(std::vector<std::int64_t> usual) const {
  return typed_.empty() ? usual : typed_;
}

std::vector<std::int64_t> Sizes::over(std::vector<std::int64_t> usual) const {
  std::ranges::copy(typed_, usual.begin());
  return usual;
}

std::string start_of_features(const Shape& in) {
  switch (in.form) {
    case Shape::Form::tokens:
      return "embedding 16, flatten, ";
    case Shape::Form::sequence:
      return "flatten, ";
    case Shape::Form::sparse:
      return "";
    case Shape::Form::image:
      break;
  }
  if (std::ranges::any_of(in.categories, [](std::int64_t count) { return count > 0; }))
    return "embed-columns 8, ";
  return in.is_features() ? "" : "flatten, ";
}

std::string first_linear(const Shape& in) {
  return in.form == Shape::Form::sparse ? "sparse-linear" : "linear";
}

void require_tokens(const Shape& in) {
  if (in.form != Shape::Form::tokens) throw InputError("it reads tokens, not " + text_of(in));
}

}  // namespace basin::nn::networks
