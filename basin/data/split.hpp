// Splits the training files into records to train on and records held out for validation.
//
// Both parts are drawn in proportion to the classes: the records of each class are shuffled, then the classes
// take turns in the way Sainte-Lague's method assigns seats, the k-th record of n at (k + 1/2) / n of the
// way. Any prefix of that order is a stratified sample (each class within one record of its share, unless
// class sizes differ extremely), and a longer prefix contains the shorter ones.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

namespace basin::data {

// Indices of records, each ascending; together they are all records, each once.
struct Split {
  std::vector<std::uint32_t> train, validation;
};

// Returns 0, 1, ... count - 1.
std::vector<std::uint32_t> every_record(std::size_t count);

// Holds out `validation_count` records. The same (seed, replicate) gives the same split. Throws InputError if
// no record would be left for training, or if a label is not in [0, classes).
Split stratified_split(std::span<const std::int32_t> labels, std::int64_t classes,
                       std::int64_t validation_count, std::uint64_t seed, std::uint64_t replicate);

// The same without classes: any record is as likely as another.
Split random_split(std::size_t records, std::int64_t validation_count, std::uint64_t seed,
                   std::uint64_t replicate);

// Returns `count` of the records `train`, stratified by their `labels`, ascending. The subset of 1,000 is
// part of that of 2,000. `labels` are those of all records. Throws InputError if count is less than 1 or more
// than there are.
std::vector<std::uint32_t> subset(std::span<const std::uint32_t> train, std::int64_t count,
                                  std::span<const std::int32_t> labels, std::int64_t classes,
                                  std::uint64_t seed, std::uint64_t replicate);

// The same without classes: the first records of a shuffled order.
std::vector<std::uint32_t> random_subset(std::span<const std::uint32_t> train, std::int64_t count,
                                         std::uint64_t seed, std::uint64_t replicate);

}  // namespace basin::data
