// Arrays and images from files of one's own: IDX of any type, records like CIFAR's, safetensors.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <string>

#include "basin/data/cifar10.hpp"
#include "basin/data/readers/cifar_images.hpp"
#include "basin/data/readers/idx_images.hpp"
#include "basin/data/readers/safetensors_arrays.hpp"
#include "basin/storage/file.hpp"
#include "basin/storage/safetensors.hpp"
#include "tests/data/damage.hpp"
#include "tests/data/samples.hpp"
#include "tests/refusal.hpp"

namespace {

using namespace basin;
using data::Array;
using data::Element;
using data::LabelledImages;
using samples::Bytes;
using Labels = std::vector<std::int32_t>;

Bytes typed_idx(std::uint8_t type, std::uint32_t count, const Bytes& items) {
  Bytes out = samples::idx({count}, items);
  out[2] = type;
  return out;
}

TEST(IdxArray, ReadsEveryType) {
  EXPECT_EQ(floats(data::idx_array(typed_idx(8, 2, {1, 255}))), (std::vector<float>{1, 255}));
  EXPECT_EQ(floats(data::idx_array(typed_idx(9, 2, {1, 255}))), (std::vector<float>{1, -1}));
  EXPECT_EQ(floats(data::idx_array(typed_idx(11, 1, {0xff, 0xfe}))), std::vector<float>{-2});
  EXPECT_EQ(floats(data::idx_array(typed_idx(12, 1, {0, 1, 0, 0}))), std::vector<float>{65536});
  EXPECT_EQ(floats(data::idx_array(typed_idx(13, 1, {0x3f, 0x80, 0, 0}))), std::vector<float>{1});
  EXPECT_EQ(floats(data::idx_array(typed_idx(14, 1, {0xc0, 0, 0, 0, 0, 0, 0, 0}))), std::vector<float>{-2});
  EXPECT_EQ(refusal([] { data::idx_array(typed_idx(10, 1, {0})); }),
            "byte 2: wanted IDX type 8, 9, 11, 12, 13 or 14, found 10");
  EXPECT_EQ(refusal([] { data::idx_array(typed_idx(11, 2, {0, 0, 0})); }),
            "byte 8: wanted 2 items of 2 bytes, found 3 bytes");
  samples::survives_damage(typed_idx(11, 2, {0, 0, 1, 1}), [](auto bytes) { data::idx_array(bytes); });
}

TEST(IdxImages, AreOfAnySize) {
  const Bytes grey = samples::idx({2, 3, 1}, {1, 2, 3, 4, 5, 6}),
              colour = samples::idx({1, 1, 2, 3}, {1, 2, 3, 4, 5, 6});
  const LabelledImages images = data::idx_images(grey, samples::idx({2}, {7, 0}));
  EXPECT_EQ(images.shape, (data::PictureShape{3, 1, 1}));
  EXPECT_EQ(images.labels, (Labels{7, 0}));
  EXPECT_EQ(images.pixels, (Bytes{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(data::idx_images(colour, samples::idx({1}, {1})).shape, (data::PictureShape{1, 2, 3}));
  EXPECT_EQ(refusal([&] { data::idx_images(grey, samples::idx({1}, {7})); }),
            "labels: wanted 2, as there are images, found 1");
  EXPECT_EQ(refusal([&] { data::idx_images(grey, grey); }), "labels: wanted rank 1, found rank 3");
  EXPECT_EQ(refusal([&] { data::idx_images(samples::idx({2}, {1, 1}), samples::idx({2}, {7, 0})); }),
            "byte 3: wanted rank 3 (records, height, width), or 4 with 1 or 3 channels, found rank 1");
  EXPECT_EQ(refusal([&] { data::idx_images(grey, typed_idx(9, 2, {1, 255})); }),
            "labels: wanted classes from 0 to 65535, found -1");
}

TEST(IdxImages, ComeFromAFolder) {
  const samples::Folder folder;
  samples::mnist_files(folder, 20, 10);
  data::ImageFolder images = data::read_idx_folder(folder);
  EXPECT_EQ(images.train.count(), 20u);
  EXPECT_EQ(images.test.count(), 10u);
  EXPECT_EQ(images.classes, 10);
  EXPECT_EQ(images.train.pixels[28 * 28 * 3], 75);
  samples::write(folder / "more-images", {1});
  EXPECT_NE(refusal([&] { data::read_idx_folder(folder); }).find("as well"), std::string::npos);

  const samples::Folder own;
  samples::write(own / "my-images.idx.gz", samples::gzip(samples::idx({2, 1, 1}, {5, 6})));
  EXPECT_NE(refusal([&] { data::read_idx_folder(own); }).find("found no labels"), std::string::npos);
  samples::write(own / "my-labels.idx", samples::idx({2}, {0, 1}));
  images = data::read_idx_folder(own);
  EXPECT_EQ(images.train.pixels, (Bytes{5, 6}));
  EXPECT_EQ(images.test.count(), 0u);
  samples::write(own / "test-images.idx", samples::idx({1, 1, 2}, {5, 6}));
  samples::write(own / "test-labels.idx", samples::idx({1}, {0}));
  EXPECT_NE(refusal([&] {
              data::read_idx_folder(own);
            }).find("test images: wanted 1x1x1, as those of training, found 1x2x1"),
            std::string::npos);
}

TEST(CifarImages, AgreeWithTheParserOfCifar10) {
  const Bytes batch = samples::cifar10(3);
  Bytes images(3 * data::cifar10::image), labels(3);
  data::decode_cifar10(batch, images, labels);
  const LabelledImages own = data::cifar_images(batch);
  EXPECT_EQ(own.pixels, images);
  EXPECT_EQ(own.labels, Labels(labels.begin(), labels.end()));
}

TEST(CifarImages, HaveTheLayoutThatTheyAreSaidToHave) {
  const data::CifarLayout layout{{1, 2, 3}, 2};
  const LabelledImages images =
      data::cifar_images(Bytes{9, 4, 1, 2, 3, 4, 5, 6, 9, 5, 1, 2, 3, 4, 5, 6}, layout);
  EXPECT_EQ(images.labels, (Labels{4, 5}));
  EXPECT_EQ(Bytes(images.pixels.begin(), images.pixels.begin() + 6), (Bytes{1, 3, 5, 2, 4, 6}));
  EXPECT_EQ(refusal([&] { data::cifar_images(Bytes(17), layout); }),
            "byte 16: wanted a record of 8 bytes, found 1 bytes");
  EXPECT_EQ(refusal([&] { data::cifar_images({}, layout); }),
            "byte 0: wanted records of 8 bytes, found an empty file");
}

TEST(CifarImages, ComeFromAFolder) {
  const samples::Folder folder;
  samples::write(folder / "data_batch_1.bin", samples::cifar10(11));
  samples::write(folder / "data_batch_2.bin", samples::cifar10(2));
  samples::write(folder / "test_batch.bin", samples::cifar10(4));
  const data::ImageFolder images = data::read_cifar_folder(folder);
  EXPECT_EQ(images.train.count(), 13u);
  EXPECT_EQ(images.test.count(), 4u);
  EXPECT_EQ(images.classes, 10);

  const samples::Folder hundred;
  Bytes record(2 * 3074);
  record[1] = 99;
  samples::write(hundred / "train.bin", record);
  EXPECT_EQ(data::read_cifar_folder(hundred).classes, 100);
  samples::write(hundred / "test.bin", Bytes(5));
  EXPECT_NE(refusal([&] { data::read_cifar_folder(hundred); }).find("test.bin: byte 0: wanted a record"),
            std::string::npos);
}

TEST(SafetensorsArrays, AreThoseOfTheFile) {
  const Bytes file = storage::read_file(std::string(paths::source) + "/tests/data/files/python.safetensors");
  const auto tensors = storage::parse_safetensors(file);
  const auto arrays = data::safetensors_arrays(file);
  EXPECT_EQ(arrays.size(), tensors.size());
  for (const storage::TensorBytes& tensor : tensors) {
    EXPECT_EQ(arrays.at(tensor.name).shape, tensor.shape);
    EXPECT_TRUE(std::ranges::equal(arrays.at(tensor.name).bytes, tensor.bytes));
  }
}

TEST(SafetensorsArrays, KnowTheirTypes) {
  const float value = 1.5f;
  Bytes bytes(4);
  std::memcpy(bytes.data(), &value, 4);
  const storage::TensorBytes right{"x", "F32", {1}, bytes};
  const std::string file = storage::safetensors(std::vector{right});
  EXPECT_EQ(floats(data::safetensors_arrays({reinterpret_cast<const std::uint8_t*>(file.data()), file.size()})
                       .at("x")),
            std::vector<float>{1.5f});
  const Bytes eight(8);
  const std::string other = storage::safetensors(std::vector{storage::TensorBytes{"y", "U64", {1}, eight}});
  EXPECT_EQ(refusal([&] {
              data::safetensors_arrays({reinterpret_cast<const std::uint8_t*>(other.data()), other.size()});
            }),
            "'y': wanted BOOL, U8 to I64, F16, BF16, F32 or F64, found U64");
}

}  // namespace
