#include "basin/data/image_set.hpp"

#include <cstdlib>

#include "basin/core/error.hpp"

namespace basin::data {

SharedSet create_images(std::int64_t train, std::int64_t test, std::int64_t height, std::int64_t width,
                        std::int64_t channels, std::int64_t classes) {
  if (height < 1 || width < 1 || channels < 1)
    throw InputError("images of " + std::to_string(height) + "x" + std::to_string(width) + "x" +
                     std::to_string(channels) + "; each must be 1 or more");
  if (classes < 1 || classes > 256)
    throw InputError(std::to_string(classes) + " classes of images; there must be 1 to 256");
  return SharedSet::create({{"train.images", Type::u8, {train, height, width, channels}},
                            {"train.labels", Type::u8, {train}},
                            {"test.images", Type::u8, {test, height, width, channels}},
                            {"test.labels", Type::u8, {test}}},
                           {{"classes", std::to_string(classes)}});
}

ImageSet images_of(const SharedSet& set) {
  const Column& train = set.at("train.images");
  const auto classes = set.attributes().find("classes");
  if (train.shape.size() != 4 || classes == set.attributes().end())
    throw Error("shared memory: its images have no shape or no classes");
  return {.height = train.shape[1],
          .width = train.shape[2],
          .channels = train.shape[3],
          .classes = std::atoll(classes->second.c_str()),
          .train_images = train.as<std::uint8_t>(),
          .train_labels = set.at("train.labels").as<std::uint8_t>(),
          .test_images = set.at("test.images").as<std::uint8_t>(),
          .test_labels = set.at("test.labels").as<std::uint8_t>()};
}

}  // namespace basin::data
