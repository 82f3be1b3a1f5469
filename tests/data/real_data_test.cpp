// The published sets, if they are on this machine: counts and well-known statistics.
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "basin/data/data_sets.hpp"
#include "basin/data/normalization.hpp"
#include "basin/data/split.hpp"
#include "tests/data/samples.hpp"

namespace {

using namespace basin;
using Counts = std::vector<std::int64_t>;

Counts counts(std::span<const std::uint8_t> labels) {
  Counts n(10);
  for (const std::uint8_t label : labels) ++n[label];
  return n;
}

data::Normalization of_all_train(const data::ImageSet& view) {
  std::vector<std::uint32_t> all(view.train_labels.size());
  std::iota(all.begin(), all.end(), 0u);
  return data::normalization(view.train_images, view.image_bytes(), view.channels, all);
}

TEST(RealData, MnistIsAsPublished) {
  const auto folder = samples::real_data();
  if (folder.empty() || !std::filesystem::exists(folder / "mnist"))
    GTEST_SKIP() << "no MNIST in $BASIN_TEST_DATA";
  const data::SharedSet set = data::load("mnist", folder);
  const data::ImageSet view = data::images_of(set);
  EXPECT_EQ(counts(view.train_labels), (Counts{5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949}));
  EXPECT_EQ(counts(view.test_labels), (Counts{980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009}));
  EXPECT_NEAR(of_all_train(view).mean[0], 0.1307, 5e-5);
  EXPECT_NEAR(of_all_train(view).sd[0], 0.3081, 5e-5);
}

TEST(RealData, CifarArchiveIsAsPublished) {
  const auto folder = samples::real_data();
  if (folder.empty() || !std::filesystem::exists(folder / "cifar-10"))
    GTEST_SKIP() << "no CIFAR-10 in $BASIN_TEST_DATA";
  const data::SharedSet set = data::load("cifar-10", folder);
  const data::ImageSet view = data::images_of(set);
  EXPECT_EQ(counts(view.train_labels), Counts(10, 5000));
  EXPECT_EQ(counts(view.test_labels), Counts(10, 1000));
  const data::Normalization n = of_all_train(view);
  const double mean[] = {0.49140, 0.48216, 0.44653}, sd[] = {0.24703, 0.24348, 0.26159};
  for (std::size_t c = 0; c < 3; ++c) {
    EXPECT_NEAR(n.mean[c], mean[c], 5e-6);
    EXPECT_NEAR(n.sd[c], sd[c], 5e-6);
  }
  const data::Split split =
      data::stratified_split(std::vector<std::int32_t>(view.train_labels.begin(), view.train_labels.end()),
                             10, data::cifar_10().held_out(50000), 1, 0);
  std::vector<std::uint8_t> held_out;
  for (const std::uint32_t record : split.validation) held_out.push_back(view.train_labels[record]);
  EXPECT_EQ(counts(held_out), Counts(10, 500));
}

TEST(RealData, FashionMnistIsAsDebianPackagesIt) {
  const data::DataSet fashion = data::fashion_mnist();
  if (!std::filesystem::exists(fashion.package_folder))
    GTEST_SKIP() << fashion.package << " is not installed";
  data::check_available("fashion-mnist", fashion.package_folder);
  const data::SharedSet set = data::load("fashion-mnist", fashion.package_folder);
  const data::ImageSet view = data::images_of(set);
  EXPECT_EQ(counts(view.train_labels), Counts(10, 6000));
  EXPECT_EQ(counts(view.test_labels), Counts(10, 1000));
  EXPECT_NEAR(of_all_train(view).mean[0], 0.2860, 5e-5);
  EXPECT_NEAR(of_all_train(view).sd[0], 0.3530, 5e-5);
}

}  // namespace
