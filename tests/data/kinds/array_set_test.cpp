// Arrays by name: which are inputs and targets, when they are images, and what is refused.
#include "basin/data/kinds/array_set.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "basin/data/image_set.hpp"
#include "basin/data/kinds/kinds.hpp"
#include "basin/data/read_source.hpp"
#include "basin/storage/safetensors.hpp"
#include "tests/data/samples.hpp"
#include "tests/refusal.hpp"

namespace basin::data {
namespace {

using Arrays = std::map<std::string, Array>;

Array numbers(std::vector<std::int64_t> shape, const std::vector<float>& values) {
  Array out{Element::f32, std::move(shape), std::vector<std::uint8_t>(values.size() * sizeof(float))};
  std::memcpy(out.bytes.data(), values.data(), out.bytes.size());
  return out;
}

Array bytes(std::vector<std::int64_t> shape, int from = 0) {
  Array out{Element::u8, std::move(shape), {}};
  out.bytes.resize(elements_of(out.element, out.shape));
  for (std::uint8_t& byte : out.bytes) byte = static_cast<std::uint8_t>(from++ % 3);
  return out;
}

TEST(ArraySet, WholeTargetsAreClassesAndOthersValues) {
  const auto classes = std::get<ArrayTables>(
      arranged({{"X", numbers({3, 2}, {1, 2, 3, 4, 5, 6})}, {"y", bytes({3})}, {"other", bytes({1})}}));
  EXPECT_TRUE(classes.classes);
  EXPECT_EQ(names_of(classes.train), (Names{"x1", "x2", "y"}));
  EXPECT_EQ(classes.train.columns[1].numbers, (std::vector<float>{2, 4, 6}));
  EXPECT_EQ(classes.train.columns[2].numbers, (std::vector<float>{0, 1, 2}));
  const auto values = std::get<ArrayTables>(
      arranged({{"features", bytes({2, 1, 3})}, {"Targets", numbers({2, 2}, {1, 2, 3, 4})}}));
  EXPECT_FALSE(values.classes);
  EXPECT_EQ(values.targets, (Names{"y1", "y2"}));
  EXPECT_EQ(names_of(values.train), (Names{"x1", "x2", "x3", "y1", "y2"}));
}

TEST(ArraySet, BytesWithLabelsAreImages) {
  const auto images = std::get<ImageFolder>(arranged({{"x_train", bytes({6, 2, 2})},
                                                      {"y_train", bytes({6})},
                                                      {"x_test", bytes({3, 2, 2})},
                                                      {"y_test", bytes({3})}}));
  EXPECT_EQ(images.train.shape, (PictureShape{2, 2, 1}));
  EXPECT_EQ(images.train.labels, (std::vector<std::int32_t>{0, 1, 2, 0, 1, 2}));
  EXPECT_EQ(images.test.count(), 3u);
  EXPECT_EQ(images.classes, 3);
  EXPECT_TRUE(std::holds_alternative<ImageFolder>(
      arranged({{"images", bytes({4, 2, 2, 3})}, {"labels", bytes({4})}})));
  EXPECT_TRUE(std::holds_alternative<ArrayTables>(
      arranged({{"images", bytes({4, 2, 2, 5})}, {"labels", bytes({4})}})))
      << "five channels are no picture";
}

TEST(ArraySet, RefusesWhatIsNoPairOfInputsAndTargets) {
  const auto said = [](Arrays arrays) { return refusal([&] { arranged(std::move(arrays)); }); };
  EXPECT_EQ(said({{"a", bytes({2})}, {"y", bytes({2})}}),
            "arrays: wanted one of inputs, called x, features, inputs, images and data, found a and y");
  EXPECT_EQ(said({{"x", bytes({2})}, {"X", bytes({2})}, {"y", bytes({2})}}),
            "arrays: wanted one of inputs, called x, features, inputs, images and data, found X and x");
  EXPECT_EQ(said({{"x", bytes({3, 1})}, {"y", bytes({2})}}),
            "targets: wanted 3, as there are inputs, found 2");
  EXPECT_EQ(said({{"x", bytes({})}, {"y", bytes({2})}}),
            "array x: wanted records along its first axis, found a single number");
  EXPECT_EQ(said({{"x", numbers({2, 1}, {1, NAN})}, {"y", bytes({2})}}),
            "record 1, x1: wanted a finite number, found NaN");
  EXPECT_EQ(said({{"x", bytes({0, 2})}, {"y", bytes({0})}}), "inputs: wanted one record or more, found none");
  EXPECT_EQ(said({{"x", bytes({2, 400, 400})}, {"y", numbers({2}, {1, 2})}}),
            "array: wanted at most 100000 numbers a record, found more");
}

TEST(ArraySet, AFileOfTensorsIsATableOrImages) {
  const samples::Folder folder;
  const auto file = [&](const std::string& name, const Array& x, const Array& y) {
    const auto tensor = [](const char* called, const Array& a) {
      return storage::TensorBytes{called, a.element == Element::u8 ? "U8" : "F32", a.shape, a.bytes};
    };
    const std::string text = storage::safetensors(std::vector{tensor("x", x), tensor("y", y)});
    samples::write(folder / name, {text.begin(), text.end()});
    return (folder / name).string();
  };
  std::vector<float> values(60);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i);
  const SharedSet table =
      read({.kind = "arrays", .file = file("t.safetensors", numbers({30, 2}, values), bytes({30}))});
  EXPECT_EQ(kind_of(table), "table");
  EXPECT_EQ(classes_of(table), 3);
  EXPECT_EQ(count_of(table, "train"), 24);
  const SharedSet pictures =
      read({.kind = "arrays", .file = file("p.safetensors", bytes({30, 4, 4}), bytes({30}))});
  EXPECT_EQ(kind_of(pictures), "images");
  EXPECT_EQ(images_of(pictures).train_count(), 24) << "without a test, a share of them is it";
}

}  // namespace
}  // namespace basin::data
