#include "basin/data/readers/cifar_images.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "basin/core/error.hpp"
#include "basin/data/readers/data_file.hpp"
#include "basin/storage/file.hpp"

namespace basin::data {
namespace fs = std::filesystem;
namespace {

void interleave(const std::uint8_t* planes, const PictureShape& shape, std::uint8_t* pixels) {
  const auto channels = static_cast<std::size_t>(shape.channels), plane = shape.bytes() / channels;
  for (std::size_t p = 0; p < plane; ++p)
    for (std::size_t c = 0; c < channels; ++c) pixels[p * channels + c] = planes[c * plane + p];
}

CifarLayout layout_for(std::size_t bytes) {
  CifarLayout layout;
  if (bytes % layout.record() != 0 && bytes % (layout.record() + 1) == 0) layout.label_bytes = 2;
  return layout;
}

void append(LabelledImages& to, const LabelledImages& images) {
  to.shape = images.shape;
  to.pixels.insert(to.pixels.end(), images.pixels.begin(), images.pixels.end());
  to.labels.insert(to.labels.end(), images.labels.begin(), images.labels.end());
}

}  // namespace

LabelledImages cifar_images(std::span<const std::uint8_t> bytes, const CifarLayout& layout) {
  const std::size_t record = layout.record(), count = bytes.size() / record, rest = bytes.size() % record;
  if (rest != 0)
    throw FormatError(count * record, "a record of " + std::to_string(record) + " bytes",
                      std::to_string(rest) + " bytes");
  if (count == 0) throw FormatError(0, "records of " + std::to_string(record) + " bytes", "an empty file");
  LabelledImages out{layout.shape, std::vector<std::uint8_t>(count * layout.shape.bytes()), {}};
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint8_t* at = &bytes[i * record];
    out.labels.push_back(at[layout.label_bytes - 1]);
    interleave(at + layout.label_bytes, layout.shape, &out.pixels[i * layout.shape.bytes()]);
  }
  return out;
}

ImageFolder read_cifar_folder(const fs::path& folder) {
  if (!fs::is_directory(folder))
    throw InputError(folder.string() + ": wanted the folder of the CIFAR files, found none");
  std::vector<fs::path> files;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".bin") files.push_back(entry.path());
  std::ranges::sort(files);
  LabelledImages train, test;
  for (const fs::path& file : files) {
    const bool is_test = file.filename().string().find("test") != std::string::npos;
    append(is_test ? test : train, storage::parsed(file, [&] {
             const std::vector<std::uint8_t> bytes = read_data_file(file);
             return cifar_images(bytes, layout_for(bytes.size()));
           }));
  }
  try {
    return checked(std::move(train), std::move(test));
  } catch (const FormatError& e) {
    throw FormatError(folder.string(), e);
  }
}

}  // namespace basin::data
