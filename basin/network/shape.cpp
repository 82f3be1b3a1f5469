#include "basin/network/shape.hpp"

#include <algorithm>

namespace basin::nn {
namespace {

std::string counted(std::int64_t count, const std::string& what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

}  // namespace

std::string text_of(const Shape& s) {
  const std::string channels = std::to_string(s.channels);
  switch (s.form) {
    case Shape::Form::sequence:
      return "a sequence of " + counted(s.height, "step") + " of " + channels;
    case Shape::Form::tokens:
      return counted(s.height, "token") + " of " + counted(s.channels, "symbol");
    case Shape::Form::sparse:
      return "a sparse row of " + counted(s.channels, "column");
    case Shape::Form::image:
      break;
  }
  const auto categories = std::ranges::count_if(s.categories, [](std::int64_t count) { return count > 0; });
  if (categories > 0)
    return counted(s.channels, "column") + ", " + std::to_string(categories) + " of them categories";
  if (s.is_features()) return counted(s.channels, "number");
  return "an image of " + std::to_string(s.height) + "x" + std::to_string(s.width) + "x" + channels;
}

}  // namespace basin::nn
