// Splits and subsets: every record once, in proportion to the classes, determined by seed and replicate.
#include "basin/data/split.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "basin/core/error.hpp"
#include "tests/data/samples.hpp"

namespace {

using namespace basin;
using data::Split;
using data::stratified_split;
using Indices = std::vector<std::uint32_t>;

// Returns labels for classes of these sizes, mixed.
std::vector<std::int32_t> labels_of(const std::vector<std::size_t>& sizes) {
  std::vector<std::int32_t> labels;
  std::vector<std::size_t> left = sizes;
  for (std::size_t total = std::accumulate(sizes.begin(), sizes.end(), std::size_t{0});
       labels.size() < total;)
    for (std::size_t c = 0; c < left.size(); ++c)
      if (left[c] > 0) --left[c], labels.push_back(static_cast<std::int32_t>(c));
  return labels;
}

std::vector<std::size_t> counts(const Indices& records, const std::vector<std::int32_t>& labels,
                                std::size_t classes) {
  std::vector<std::size_t> n(classes);
  for (const std::uint32_t record : records) ++n[static_cast<std::size_t>(labels[record])];
  return n;
}

TEST(Split, HoldsOutTheSameNumberOfEachEqualClass) {
  const std::vector<std::int32_t> labels = labels_of(std::vector<std::size_t>(10, 60));
  const Split split = stratified_split(labels, 10, 100, 1, 0);
  EXPECT_EQ(counts(split.validation, labels, 10), std::vector<std::size_t>(10, 10));
  EXPECT_EQ(counts(split.train, labels, 10), std::vector<std::size_t>(10, 50));
}

TEST(Split, GivesUnequalClassesTheirShareWithinOneRecord) {
  const std::vector<std::size_t> sizes{700, 13, 287, 1, 99};
  const std::vector<std::int32_t> labels = labels_of(sizes);
  for (const std::int64_t held_out : {0, 1, 7, 110, 333, 1099}) {
    const auto n = counts(stratified_split(labels, 5, held_out, 1, 0).validation, labels, 5);
    for (std::size_t c = 0; c < sizes.size(); ++c)
      EXPECT_LT(std::abs(static_cast<double>(n[c]) - static_cast<double>(sizes[c] * held_out) / 1100), 1)
          << c;
  }
}

TEST(Split, PutsEveryRecordOnOneSide) {
  const Split split = stratified_split(labels_of({50, 30, 21}), 3, 33, 1, 0);
  EXPECT_EQ(split.validation.size(), 33u);
  EXPECT_TRUE(std::ranges::is_sorted(split.train) && std::ranges::is_sorted(split.validation));
  Indices all(101), both;
  std::iota(all.begin(), all.end(), 0u);
  std::ranges::merge(split.train, split.validation, std::back_inserter(both));
  EXPECT_EQ(both, all);
}

TEST(Split, IsFixedBySeedAndReplicate) {
  const std::vector<std::int32_t> labels = labels_of({100, 100});
  const auto validation = [&](std::uint64_t seed, std::uint64_t replicate) {
    return stratified_split(labels, 2, 50, seed, replicate).validation;
  };
  EXPECT_EQ(validation(1, 0), validation(1, 0));
  EXPECT_NE(validation(1, 0), validation(1, 1));
  EXPECT_NE(validation(1, 0), validation(2, 0));
}

TEST(Split, RefusesToLeaveNothingAndUnknownClasses) {
  const std::vector<std::int32_t> labels = labels_of({3, 3});
  samples::expect_message<InputError>([&] { stratified_split(labels, 2, 6, 1, 0); },
                                      "cannot hold 6 records out of 6");
  EXPECT_THROW(stratified_split(labels, 2, -1, 1, 0), InputError);
  samples::expect_message<InputError>([&] { stratified_split(labels, 1, 2, 1, 0); }, "record 1 has label 1");
}

TEST(Subset, IsStratifiedAndContainsTheSmallerOnes) {
  const std::vector<std::int32_t> labels = labels_of(std::vector<std::size_t>(10, 60));
  const Indices train = stratified_split(labels, 10, 100, 1, 0).train;
  Indices smaller;
  for (const std::int64_t count : {1, 10, 100, 250, 500}) {
    const Indices larger = data::subset(train, count, labels, 10, 1, 0);
    EXPECT_EQ(larger.size(), static_cast<std::size_t>(count));
    EXPECT_TRUE(std::ranges::includes(larger, smaller));
    EXPECT_TRUE(std::ranges::includes(train, larger));
    if (count % 10 == 0) {
      EXPECT_EQ(counts(larger, labels, 10), std::vector<std::size_t>(10, larger.size() / 10));
    }
    smaller = larger;
  }
  EXPECT_EQ(smaller, train);
}

TEST(Subset, RefusesMoreThanThereIsAndNamesBothNumbers) {
  const std::vector<std::int32_t> labels = labels_of({3, 3});
  const Indices train{0, 1, 2, 3};
  samples::expect_message<InputError>([&] { data::subset(train, 5, labels, 2, 1, 0); },
                                      "cannot train on 5 of 4 training records");
  EXPECT_THROW(data::subset(train, 0, labels, 2, 1, 0), InputError);
}

}  // namespace
