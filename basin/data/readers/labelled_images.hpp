// Images of one size with a label each, as files of them are read.
#pragma once
#include <cstdint>
#include <vector>

#include "basin/data/readers/picture.hpp"

namespace basin::data {

struct LabelledImages {
  PictureShape shape;                // of each image
  std::vector<std::uint8_t> pixels;  // image after image, channels last
  std::vector<std::int32_t> labels;  // from 0
  std::size_t count() const { return labels.size(); }
};

// What a folder has; `test` is empty if it has none.
struct ImageFolder {
  LabelledImages train, test;
  std::int64_t classes = 0;  // one more than the largest label
};

// Returns the folder with its classes counted. Throws FormatError if it has fewer than two, or if the test
// images are of another size than those of training or have a label beyond theirs.
ImageFolder checked(LabelledImages train, LabelledImages test);

}  // namespace basin::data
