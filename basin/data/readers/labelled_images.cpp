#include "basin/data/readers/labelled_images.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "basin/core/error.hpp"

namespace basin::data {
namespace {

std::string text_of(const PictureShape& shape) {
  return std::to_string(shape.height) + "x" + std::to_string(shape.width) + "x" +
         std::to_string(shape.channels);
}

}  // namespace

ImageFolder checked(LabelledImages train, LabelledImages test) {
  if (train.count() == 0) throw FormatError("training images", "one or more", "none");
  const std::int64_t classes = 1 + std::int64_t{*std::ranges::max_element(train.labels)};
  if (classes < 2) throw FormatError("training labels", "two classes or more", "the label 0 alone");
  if (test.count() > 0 && test.shape != train.shape)
    throw FormatError("test images", text_of(train.shape) + ", as those of training", text_of(test.shape));
  for (const std::int32_t label : test.labels)
    if (label >= classes)
      throw FormatError("test labels", "at most " + std::to_string(classes - 1) + ", the largest of training",
                        std::to_string(label));
  return {std::move(train), std::move(test), classes};
}

}  // namespace basin::data
