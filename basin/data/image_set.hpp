// Images of one size with a class each, in shared memory.
//
// Columns  train.images and test.images, u8, record x height x width x channels (channels last); train.labels
//          and test.labels, u8; the attribute "classes" says how many there are
#pragma once
#include "basin/data/shared.hpp"

namespace basin::data {

// A view of the images and labels of one data set. Valid as long as the memory it points to.
struct ImageSet {
  std::int64_t height = 0, width = 0, channels = 0, classes = 0;
  std::span<const std::uint8_t> train_images, train_labels, test_images, test_labels;

  std::int64_t image_bytes() const { return height * width * channels; }
  std::int64_t train_count() const { return static_cast<std::int64_t>(train_labels.size()); }
  std::int64_t test_count() const { return static_cast<std::int64_t>(test_labels.size()); }
};

// Creates a set of images for filling. Throws InputError for empty images or with more than 256 classes, and
// as SharedSet::create does.
SharedSet create_images(std::int64_t train, std::int64_t test, std::int64_t height, std::int64_t width,
                        std::int64_t channels, std::int64_t classes);

// Throws Error if `set` holds no images.
ImageSet images_of(const SharedSet& set);

}  // namespace basin::data
