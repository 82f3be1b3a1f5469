#include "basin/data/mnist_files.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "basin/core/error.hpp"
#include "basin/data/gzip.hpp"
#include "basin/storage/file.hpp"

namespace basin::data {
namespace {

namespace fs = std::filesystem;
using Bytes = std::vector<std::uint8_t>;

// The images and the labels of one split.
struct Pair {
  const char *images, *labels;
};
constexpr Pair train{"train-images-idx3-ubyte", "train-labels-idx1-ubyte"};
constexpr Pair test{"t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"};

// Returns the file itself or its compressed form; empty if neither exists.
fs::path found(const fs::path& folder, const std::string& name) {
  for (const fs::path& file : {folder / name, folder / (name + ".gz")})
    if (storage::is_there(file)) return file;
  return {};
}

std::vector<std::string> missing(const fs::path& folder) {
  std::vector<std::string> names;
  for (const char* name : {train.images, train.labels, test.images, test.labels})
    if (found(folder, name).empty()) names.push_back(name);
  return names;
}

void check_images(const std::vector<std::size_t>& extents, const DataSet& set) {
  const auto height = static_cast<std::size_t>(set.height), width = static_cast<std::size_t>(set.width);
  if (extents.size() != 3) throw FormatError(3, "rank 3 (records, height, width)", extents.size());
  if (extents[0] == 0) throw FormatError(4, "one image or more", extents[0]);
  if (extents[1] != height) throw FormatError(8, "images " + std::to_string(height) + " high", extents[1]);
  if (extents[2] != width) throw FormatError(12, "images " + std::to_string(width) + " wide", extents[2]);
}

void check_labels(const std::vector<std::size_t>& extents, std::size_t images) {
  if (extents.size() != 1) throw FormatError(3, "rank 1 (records)", extents.size());
  if (extents[0] != images)
    throw FormatError(4, std::to_string(images) + " labels, as there are images", extents[0]);
}

void check_classes(const IdxView& labels, const DataSet& set) {
  const auto bad =
      std::ranges::find_if(labels.items, [&](std::uint8_t label) { return label >= set.classes; });
  if (bad == labels.items.end()) return;
  const auto offset = static_cast<std::size_t>(bad - labels.items.begin()) + 4 + 4 * labels.extents.size();
  throw FormatError(offset, "a label from 0 to " + std::to_string(set.classes - 1), *bad);
}

// Returns the uncompressed length of a whole gzip file modulo 2^32: its last four bytes.
std::size_t length_within(const fs::path& gzip, std::size_t size) {
  const Bytes tail = storage::read_part(gzip, size - 4, 4);
  return tail[0] | std::size_t{tail[1]} << 8 | std::size_t{tail[2]} << 16 | std::size_t{tail[3]} << 24;
}

// Returns the header of a file, and checks that the length agrees with it, as far as that shows without
// inflating.
IdxHeader plausible(const fs::path& file) {
  const std::size_t size = storage::size_of(file);
  const Bytes beginning = storage::read_part(file, 0, 4096);
  return storage::parsed(file, [&] {
    const IdxHeader header = peek_idx(beginning);
    const std::size_t wanted = header.bytes + header.items;
    if (is_gzip(beginning)) {
      if (length_within(file, size) != (wanted & 0xffffffff))
        inflated_idx(storage::read_file(file));  // says what is wrong
    } else if (size != wanted) {
      throw FormatError(size, std::to_string(wanted) + " bytes of IDX",
                        std::to_string(size) + std::string(size < wanted ? storage::cut_short : ""));
    }
    return header;
  });
}

// Checks one split and returns its number of records.
std::int64_t checked(const fs::path& folder, const Pair& split, const DataSet& set) {
  const fs::path images = found(folder, split.images), labels = found(folder, split.labels);
  const IdxHeader header = plausible(images);
  storage::parsed(images, [&] { check_images(header.extents, set); });
  storage::parsed(labels,
                  [&, of_labels = plausible(labels)] { check_labels(of_labels.extents, header.extents[0]); });
  return static_cast<std::int64_t>(header.extents[0]);
}

std::optional<Counts> check(const fs::path& folder, const DataSet& set) {
  return Counts{checked(folder, train, set), checked(folder, test, set)};
}

// One split in memory.
struct Records {
  Bytes image_file, label_file;  // plain IDX; the views point into them
  IdxView images, labels;
};

Records read(const fs::path& folder, const Pair& names, const DataSet& set) {
  const fs::path images = found(folder, names.images), labels = found(folder, names.labels);
  Records records;
  storage::parsed(images, [&] {
    records.image_file = inflated_idx(storage::read_file(images));
    records.images = parse_idx(records.image_file);
    check_images(records.images.extents, set);
  });
  storage::parsed(labels, [&] {
    records.label_file = inflated_idx(storage::read_file(labels));
    records.labels = parse_idx(records.label_file);
    check_labels(records.labels.extents, records.images.extents[0]);
    check_classes(records.labels, set);
  });
  return records;
}

SharedSet load(const fs::path& folder, const DataSet& set) {
  const Records a = read(folder, train, set), b = read(folder, test, set);
  const auto count = [](const Records& r) { return static_cast<std::int64_t>(r.labels.items.size()); };
  SharedSet shared = create_images(count(a), count(b), set.height, set.width, set.channels, set.classes);
  std::ranges::copy(a.images.items, shared.fill<std::uint8_t>("train.images").begin());
  std::ranges::copy(a.labels.items, shared.fill<std::uint8_t>("train.labels").begin());
  std::ranges::copy(b.images.items, shared.fill<std::uint8_t>("test.images").begin());
  std::ranges::copy(b.labels.items, shared.fill<std::uint8_t>("test.labels").begin());
  shared.seal();
  return shared;
}

}  // namespace

const FileLayout mnist_files{
    .files = "{train,t10k}-{images-idx3,labels-idx1}-ubyte, plain or .gz",
    .missing = missing,
    .check = check,
    .load = load,
};

}  // namespace basin::data
