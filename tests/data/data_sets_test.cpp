// Data sets: where basin looks for them, the messages when they are missing or wrong, and small ones that
// load.
#include "basin/data/data_sets.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>

#include "basin/core/error.hpp"
#include "basin/storage/file.hpp"
#include "tests/data/samples.hpp"

namespace {

using namespace basin;
using samples::Bytes;
namespace fs = std::filesystem;

// Sets an environment variable temporarily.
class Variable {
 public:
  Variable(const char* name, const fs::path& value) : name_(name) {
    if (const char* old = std::getenv(name)) old_ = old;
    setenv(name, value.c_str(), 1);
  }
  ~Variable() {
    if (old_)
      setenv(name_, old_->c_str(), 1);
    else
      unsetenv(name_);
  }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
  std::optional<std::string> old_;
};

Bytes images(std::uint32_t count) { return samples::idx({count, 28, 28}, samples::noise(count * 784)); }

Bytes labels(std::uint32_t count) {
  Bytes items;
  for (std::uint32_t i = 0; i < count; ++i) items.push_back(static_cast<std::uint8_t>(i % 10));
  return samples::idx({count}, items);
}

void write_mnist(const fs::path& folder) {
  samples::write(folder / "train-images-idx3-ubyte.gz", samples::gzip(images(30)));
  samples::write(folder / "train-labels-idx1-ubyte.gz", samples::gzip(labels(30)));
  samples::write(folder / "t10k-images-idx3-ubyte", images(20));
  samples::write(folder / "t10k-labels-idx1-ubyte", labels(20));
}

void write_cifar(const fs::path& folder) {
  for (const char* name :
       {"data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5", "test_batch"})
    samples::write(folder / (std::string(name) + ".bin"), samples::cifar10(name[0] == 't' ? 3 : 2));
}

// Both the quick check and the full load refuse with an InputError that contains `text`.
void expect_refused(std::string_view name, const fs::path& folder, const std::string& text) {
  samples::expect_message<InputError>([&] { data::check_available(name, folder); }, text);
  samples::expect_message<InputError>([&] { data::load(name, folder); }, text);
}

TEST(DataSets, LoadsIdxFilesCompressedOrNot) {
  const samples::Folder folder;
  write_mnist(folder / "mnist");  // also found in the subfolder with the set's name
  const auto counts = data::check_available("mnist", folder);
  EXPECT_EQ(counts->train, 30);
  EXPECT_EQ(counts->test, 20);
  const data::SharedSet set = data::load("mnist", folder);
  const data::ImageSet view = data::images_of(set);
  EXPECT_EQ(view.train_count(), 30);
  EXPECT_EQ(view.test_count(), 20);
  EXPECT_TRUE(std::ranges::equal(view.train_images, samples::noise(30 * 784)));
  EXPECT_TRUE(std::ranges::equal(view.test_images, samples::noise(20 * 784)));
  EXPECT_EQ(view.test_labels[13], 3);
}

TEST(DataSets, LoadsCifarBatchesFromTheirFolder) {
  const samples::Folder folder;
  write_cifar(folder / "cifar-10" / "cifar-10-batches-bin");
  const auto counts = data::check_available("cifar-10", folder);
  EXPECT_EQ(counts->train, 10);
  EXPECT_EQ(counts->test, 3);
  const data::SharedSet set = data::load("cifar-10", folder);
  const data::ImageSet view = data::images_of(set);
  EXPECT_EQ(view.train_count(), 10);
  EXPECT_EQ(view.test_count(), 3);
  EXPECT_EQ(Bytes(view.train_labels.begin(), view.train_labels.end()), (Bytes{0, 1, 0, 1, 0, 1, 0, 1, 0, 1}));
  EXPECT_EQ(view.test_images[2 * 3072 + 1],
            samples::cifar10(3)[2 * 3073 + 1 + 1024]);  // green of the first pixel
}

TEST(DataSets, HoldsOutTheSameShareOfFilesThatWereCutDown) {
  EXPECT_EQ(data::mnist().held_out(60000), 10000);
  EXPECT_EQ(data::mnist().held_out(600), 100);
  EXPECT_EQ(data::cifar_10().held_out(50000), 5000);
}

TEST(DataSets, SuggestsTheNearestName) {
  samples::expect_message<InputError>([] { data::load("mnst"); },
                                      "unknown data set 'mnst'; did you mean 'mnist'?");
}

TEST(DataSets, LooksInTheExplicitFolderAlone) {
  const samples::Folder full, empty;
  write_mnist(full);
  const Variable other("BASIN_DATA", full);
  EXPECT_NO_THROW(data::check_available("mnist"));
  samples::expect_message<InputError>(
      [&] { data::check_available("mnist", empty); },
      "in " + fs::path(empty).string() + " and " + (empty / "mnist").string() + "; put ");
}

TEST(DataSets, LooksInTheEnvironmentThenTheCache) {
  const samples::Folder given, cache;
  const Variable a("BASIN_DATA", given), b("XDG_CACHE_HOME", cache);
  write_mnist(cache / "basin/mnist");
  EXPECT_EQ(data::locate(data::mnist()), cache / "basin/mnist");
  write_mnist(given / "mnist");
  EXPECT_EQ(data::locate(data::mnist()), given / "mnist");
  write_mnist(given);
  EXPECT_EQ(data::locate(data::mnist()), fs::path(given));
}

TEST(DataSets, SaysWhatIsMissingWhereItLookedAndWhatToDo) {
  const samples::Folder given, cache;
  const Variable a("BASIN_DATA", given), b("XDG_CACHE_HOME", cache);
  write_mnist(given);
  fs::remove(given / "t10k-labels-idx1-ubyte");
  for (const std::string& text :
       {std::string("mnist: found no t10k-labels-idx1-ubyte in "), fs::path(given).string(),
        (given / "mnist").string(), (cache / "basin/mnist").string(), std::string("--data-dir")})
    samples::expect_message<InputError>([] { data::check_available("mnist"); }, text);
  data::DataSet fashion = data::fashion_mnist();
  fashion.package_folder = given / "mnist";  // as on a machine without the package
  samples::expect_message<InputError>([&] { data::locate(fashion); },
                                      "apt-get install dataset-fashion-mnist");
  samples::expect_message<InputError>([&] { data::locate(data::mnist(), given / "nowhere"); },
                                      "is not a folder");
}

TEST(DataSets, NamesTheFileAndTheByteThatIsWrong) {
  const samples::Folder folder;
  const auto with = [&](const char* name, const Bytes& bytes) {
    write_mnist(folder);
    samples::write(folder / name, bytes);
  };
  with("t10k-images-idx3-ubyte", samples::idx({20, 28, 27}, Bytes(20 * 28 * 27)));
  expect_refused("mnist", folder, "t10k-images-idx3-ubyte: byte 12: wanted images 28 wide, found 27");
  with("t10k-images-idx3-ubyte", labels(20));
  expect_refused("mnist", folder, "t10k-images-idx3-ubyte: byte 3: wanted rank 3");
  with("t10k-images-idx3-ubyte", images(20));
  with("t10k-labels-idx1-ubyte", labels(19));
  expect_refused("mnist", folder,
                 "t10k-labels-idx1-ubyte: byte 4: wanted 20 labels, as there are images, found 19");
  Bytes bad = labels(20);
  bad[8 + 5] = 10;
  with("t10k-labels-idx1-ubyte", bad);
  samples::expect_message<InputError>(
      [&] { data::load("mnist", folder); },
      "t10k-labels-idx1-ubyte: byte 13: wanted a label from 0 to 9, found 10");
}

TEST(DataSets, SeesTruncationWithoutInflating) {
  const samples::Folder folder;
  write_mnist(folder);
  Bytes gz = samples::gzip(images(30));
  gz.resize(gz.size() / 2);
  samples::write(folder / "train-images-idx3-ubyte.gz", gz);
  expect_refused("mnist", folder,
                 "train-images-idx3-ubyte.gz: byte " + std::to_string(gz.size()) +
                     ": wanted more gzip data, found the end of the file, as after an interrupted download");
  gz.resize(30);
  samples::write(folder / "train-images-idx3-ubyte.gz", gz);
  expect_refused("mnist", folder, "as after an interrupted download");
  write_mnist(folder);
  Bytes plain = images(20);
  plain.resize(1000);
  samples::write(folder / "t10k-images-idx3-ubyte", plain);
  samples::expect_message<InputError>(
      [&] { data::check_available("mnist", folder); },
      "wanted 15696 bytes of IDX, found 1000, as after an interrupted download");

  write_cifar(folder);
  Bytes batch = samples::cifar10(2);
  batch.pop_back();
  samples::write(folder / "data_batch_3.bin", batch);
  expect_refused("cifar-10", folder,
                 "data_batch_3.bin: byte 3073: wanted a record of 3073 bytes, found 3072 bytes");
}

TEST(DataSets, SaysWhatStandsInThePlaceOfAFile) {
  const auto bytes_of = [](const std::string& text) { return Bytes(text.begin(), text.end()); };
  const std::string page = "<!DOCTYPE html>\n<html><title>404</title></html>";
  const std::pair<std::string, std::string> cases[] = {
      {page, "it is a web page that a server sent instead of the file: byte "},
      {"\xef\xbb\xbf  \n<html>", "it is a web page"},
      {"<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>", "it is a web page"},
      {"version https://git-lfs.github.com/spec/v1\noid sha256:1\n",
       "it is a pointer of Git LFS; 'git lfs pull'"},
      {"PK\x03\x04" + std::string(100, 'x'), "it is a zip archive; unpack it"},
      {"", "it is empty, as after an interrupted download"}};
  for (const auto& [text, what] : cases) {
    const samples::Folder folder;
    for (const char* name : {"t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"}) {
      write_mnist(folder);
      samples::write(folder / name, bytes_of(text));
      expect_refused("mnist", folder, std::string(name) + ": " + what);
    }
    write_mnist(folder);
    fs::remove(folder / "train-labels-idx1-ubyte.gz");
    fs::remove(folder / "train-labels-idx1-ubyte");
    samples::write(folder / "train-labels-idx1-ubyte.gz", bytes_of(text));
    expect_refused("mnist", folder, "train-labels-idx1-ubyte.gz: " + what);
    write_cifar(folder);
    samples::write(folder / "test_batch.bin", bytes_of(text));
    expect_refused("cifar-10", folder, "test_batch.bin: " + what);
  }
  const samples::Folder folder;
  samples::write(folder / "cifar-10-binary.tar.gz", bytes_of(page));
  samples::expect_message<InputError>([&] { data::check_available("cifar-10", folder); },
                                      "cifar-10-binary.tar.gz: it is a web page");
}

// Data that begins like text is not mistaken for it.
TEST(DataSets, TakesNoDataForSomethingElse) {
  for (int first = 0; first < 256; ++first)
    EXPECT_EQ(storage::something_else(Bytes{static_cast<std::uint8_t>(first), 0, 0, 0, 0, 0, 0, 0, '{', '"'}),
              "");
  EXPECT_EQ(storage::something_else(samples::idx({3}, {1, 2, 3})), "");
  EXPECT_EQ(storage::something_else(samples::gzip({1, 2, 3})), "");
  EXPECT_EQ(storage::something_else(samples::cifar10(1)), "");
}

TEST(DataSets, RefusesAFolderInTheFilesPlace) {
  const samples::Folder folder;
  write_mnist(folder);
  fs::remove(folder / "t10k-labels-idx1-ubyte");
  fs::create_directory(folder / "t10k-labels-idx1-ubyte");
  expect_refused("mnist", folder, "t10k-labels-idx1-ubyte: cannot be read: ");
}

}  // namespace
