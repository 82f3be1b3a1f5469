#include "basin/data/checksums.hpp"

#include "basin/storage/manifest.hpp"

namespace basin::data {

std::string crc32_text(std::span<const std::uint8_t> bytes) {
  return storage::hexadecimal(storage::crc32_of(bytes));
}

std::map<std::string, std::string> checksums(const ImageSet& set) {
  return {{"training images", crc32_text(set.train_images)},
          {"training labels", crc32_text(set.train_labels)},
          {"test images", crc32_text(set.test_images)},
          {"test labels", crc32_text(set.test_labels)}};
}

}  // namespace basin::data
