#include "basin/data/cifar10_files.hpp"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <span>
#include <utility>

#include "basin/core/error.hpp"
#include "basin/data/archive.hpp"
#include "basin/data/cifar10.hpp"
#include "basin/data/decoded_cache.hpp"
#include "basin/storage/file.hpp"

namespace basin::data {
namespace {

namespace fs = std::filesystem;
using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t largest_batch = 10000 * cifar10::record;  // as published

const std::vector<std::string>& batch_names() {  // the last one is the test split
  static const std::vector<std::string> names{"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin",
                                              "data_batch_4.bin", "data_batch_5.bin", "test_batch.bin"};
  return names;
}

std::vector<std::string> missing_batches(const fs::path& folder) {
  std::vector<std::string> names;
  std::ranges::copy_if(batch_names(), std::back_inserter(names),
                       [&](const std::string& name) { return !storage::is_there(folder / name); });
  return names;
}

// Returns the folder with all six batches; empty if there is none.
fs::path batch_folder(const fs::path& folder) {
  for (const fs::path& place : {folder, folder / "cifar-10-batches-bin"})
    if (missing_batches(place).empty()) return place;
  return {};
}

fs::path archive(const fs::path& folder) {
  for (const char* ending : {".tar", ".tar.gz", ".tar.xz"})
    if (fs::path file = folder / (std::string("cifar-10-binary") + ending); storage::is_there(file))
      return file;
  return {};
}

std::vector<std::string> missing(const fs::path& folder) {
  if (!batch_folder(folder).empty() || !archive(folder).empty()) return {};
  return std::min(missing_batches(folder), missing_batches(folder / "cifar-10-batches-bin"),
                  [](const auto& a, const auto& b) { return a.size() < b.size(); });
}

std::optional<Counts> check(const fs::path& folder, const DataSet&) {
  const fs::path place = batch_folder(folder);
  if (place.empty()) return check_archive(archive(folder)), std::nullopt;
  Counts counts;
  for (const std::string& name : batch_names()) {
    const fs::path file = place / name;
    const auto records = static_cast<std::int64_t>(
        storage::parsed(file, [&] { return count_cifar10(storage::size_of(file)); }));
    (name == batch_names().back() ? counts.test : counts.train) += records;
  }
  return counts;
}

// One batch as read.
struct Batch {
  fs::path file;
  Bytes bytes;
  std::size_t records;
};

std::vector<Batch> read_batches(const fs::path& folder) {
  std::vector<Batch> batches;
  const auto add = [&](const fs::path& file, Bytes bytes) {
    const std::size_t records = storage::parsed(file, [&] { return count_cifar10(bytes.size()); });
    batches.push_back({file, std::move(bytes), records});
  };
  if (const fs::path place = batch_folder(folder); !place.empty()) {
    for (const std::string& name : batch_names()) add(place / name, storage::read_file(place / name));
  } else {
    const fs::path packed = archive(folder);
    std::vector<Bytes> members = read_members(packed, batch_names(), largest_batch);
    for (std::size_t i = 0; i < members.size(); ++i) add(packed / batch_names()[i], std::move(members[i]));
  }
  return batches;
}

std::size_t total(std::span<const Batch> batches) {
  return std::accumulate(batches.begin(), batches.end(), std::size_t{0},
                         [](std::size_t sum, const Batch& batch) { return sum + batch.records; });
}

void decode(std::span<const Batch> batches, std::span<std::uint8_t> images, std::span<std::uint8_t> labels) {
  for (const Batch& batch : batches) {
    const std::size_t bytes = batch.records * cifar10::image;
    storage::parsed(batch.file,
                    [&] { decode_cifar10(batch.bytes, images.first(bytes), labels.first(batch.records)); });
    images = images.subspan(bytes);
    labels = labels.subspan(batch.records);
  }
}

SharedSet decoded(const fs::path& folder, const DataSet& set) {
  const std::vector<Batch> batches = read_batches(folder);
  const auto train = std::span(batches).first(batches.size() - 1), test = std::span(batches).last(1);
  SharedSet shared =
      create_images(static_cast<std::int64_t>(total(train)), static_cast<std::int64_t>(total(test)),
                    set.height, set.width, set.channels, set.classes);
  decode(train, shared.fill<std::uint8_t>("train.images"), shared.fill<std::uint8_t>("train.labels"));
  decode(test, shared.fill<std::uint8_t>("test.images"), shared.fill<std::uint8_t>("test.labels"));
  shared.seal();
  return shared;
}

// Unpacking xz takes 9 s, reading a decoded copy a tenth of a second.
SharedSet load(const fs::path& folder, const DataSet& set) {
  if (!batch_folder(folder).empty()) return decoded(folder, set);
  if (auto copy = decoded_copy(archive(folder))) return std::move(*copy);
  SharedSet shared = decoded(folder, set);
  keep_decoded(archive(folder), shared);
  return shared;
}

}  // namespace

const FileLayout cifar10_files{
    .files = "the six .bin files, or cifar-10-binary.tar.gz or .tar.xz",
    .missing = missing,
    .check = check,
    .load = load,
};

}  // namespace basin::data
