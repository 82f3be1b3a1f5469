#include "basin/data/readers/idx_images.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "basin/core/error.hpp"
#include "basin/data/idx.hpp"
#include "basin/data/readers/data_file.hpp"

namespace basin::data {
namespace fs = std::filesystem;
namespace {

Element element_of(std::uint8_t type) {
  constexpr std::pair<std::uint8_t, Element> types[] = {{8, Element::u8},   {9, Element::i8},
                                                        {11, Element::i16}, {12, Element::i32},
                                                        {13, Element::f32}, {14, Element::f64}};
  for (const auto& [code, element] : types)
    if (code == type) return element;
  throw FormatError(2, "IDX type 8, 9, 11, 12, 13 or 14", type);
}

PictureShape shape_of(const Array& images) {
  const std::vector<std::int64_t>& s = images.shape;
  if (images.element != Element::u8)
    throw FormatError(2, "IDX type 8 (unsigned bytes) of images", std::string(name_of(images.element)));
  if (s.size() == 3) return {s[1], s[2], 1};
  if (s.size() == 4 && (s[3] == 1 || s[3] == 3)) return {s[1], s[2], s[3]};
  throw FormatError(3, "rank 3 (records, height, width), or 4 with 1 or 3 channels",
                    s.size() == 4 ? std::to_string(s[3]) + " channels" : "rank " + std::to_string(s.size()));
}

std::int32_t label_of(std::int64_t label) {
  if (label < 0 || label > std::numeric_limits<std::uint16_t>::max())
    throw FormatError("labels", "classes from 0 to 65535", std::to_string(label));
  return static_cast<std::int32_t>(label);
}

// The files of one part of a folder.
struct Pair {
  fs::path images, labels;
};

void put(fs::path& to, const fs::path& file) {
  if (!to.empty())
    throw InputError(file.string() + ": the folder has " + to.filename().string() + " as well");
  to = file;
}

LabelledImages read(const Pair& pair) {
  try {
    return idx_images(read_data_file(pair.images), read_data_file(pair.labels));
  } catch (const FormatError& e) {
    throw FormatError(pair.images.string() + " with " + pair.labels.filename().string(), e);
  }
}

}  // namespace

Array idx_array(std::span<const std::uint8_t> bytes) {
  std::vector<std::uint8_t> begun(bytes.begin(),
                                  bytes.begin() + std::ptrdiff_t(std::min(bytes.size(), largest_idx_header)));
  const Element element = begun.size() > 2 ? element_of(begun[2]) : Element::u8;
  if (begun.size() > 2) begun[2] = 8;  // the one type that the header's parser knows
  const IdxHeader header = parse_idx_header(begun);
  Array out{element, {header.extents.begin(), header.extents.end()}, {}};
  const auto body = bytes.subspan(header.bytes);
  const std::size_t size = bytes_of(element), wanted = elements_of(element, out.shape) * size;
  if (body.size() != wanted)
    throw FormatError(header.bytes,
                      std::to_string(header.items) + " items of " + std::to_string(size) + " bytes",
                      std::to_string(body.size()) + " bytes");
  out.bytes.assign(body.begin(), body.end());
  for (auto at = out.bytes.begin(); size > 1 && at != out.bytes.end();
       at += static_cast<std::ptrdiff_t>(size))
    std::reverse(at, at + static_cast<std::ptrdiff_t>(size));
  return out;
}

LabelledImages idx_images(std::span<const std::uint8_t> images, std::span<const std::uint8_t> labels) {
  Array pixels = idx_array(images);
  const Array classes = idx_array(labels);
  LabelledImages out{shape_of(pixels), {}, {}};
  if (classes.shape.size() != 1)
    throw FormatError("labels", "rank 1", "rank " + std::to_string(classes.shape.size()));
  if (classes.shape[0] != pixels.shape[0])
    throw FormatError("labels", std::to_string(pixels.shape[0]) + ", as there are images",
                      std::to_string(classes.shape[0]));
  if (out.shape.bytes() == 0) throw FormatError(4, "images with pixels", "none");
  for (const std::int64_t label : integers(classes)) out.labels.push_back(label_of(label));
  out.pixels = std::move(pixels.bytes);
  return out;
}

ImageFolder read_idx_folder(const fs::path& folder) {
  if (!fs::is_directory(folder))
    throw InputError(folder.string() + ": wanted the folder of the IDX files, found none");
  Pair train, test;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    const auto says = [&](const char* word) { return name.find(word) != name.npos; };
    Pair& pair = says("test") || says("t10k") ? test : train;
    if (says("images")) put(pair.images, entry.path());
    if (says("labels")) put(pair.labels, entry.path());
  }
  if (train.images.empty() || train.labels.empty() || test.images.empty() != test.labels.empty())
    throw InputError(folder.string() + ": wanted IDX files named ...images... and ...labels..., found " +
                     (train.images.empty() ? "no images" : "no labels"));
  LabelledImages held_out;
  if (!test.images.empty()) held_out = read(test);
  LabelledImages images = read(train);
  try {
    return checked(std::move(images), std::move(held_out));
  } catch (const FormatError& e) {
    throw FormatError(folder.string(), e);
  }
}

}  // namespace basin::data
