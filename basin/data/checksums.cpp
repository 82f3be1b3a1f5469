#include "basin/data/checksums.hpp"

#include "basin/storage/manifest.hpp"

namespace basin::data {

std::string crc32_text(std::span<const std::uint8_t> bytes) {
  return storage::hexadecimal(storage::crc32_of(bytes));
}

std::map<std::string, std::string> checksums(const SharedSet& set) {
  std::map<std::string, std::string> out;
  for (const Column& column : set.columns()) {
    std::string name = column.name;
    if (name.starts_with("train.")) name.replace(0, 6, "training ");
    if (name.starts_with("test.")) name[4] = ' ';
    out[name] = crc32_text(column.bytes);
  }
  return out;
}

}  // namespace basin::data
