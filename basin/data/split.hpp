// Which records of the training files are trained on, and which are held out for validation.
//
// Both are drawn in proportion to the classes: the records of each class are shuffled, then the classes take
// turns as Sainte-Lague's method gives them seats, the k-th record of n at (k + 1/2) / n of the way. Any
// beginning of that order is a stratified sample (each class within one record of its share, unless classes
// differ wildly in size), and a longer beginning contains the shorter ones.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

namespace basin::data {

// Indices of records, each ascending; together they are all records, none twice.
struct Split {
  std::vector<std::uint32_t> train, validation;
};

// Holds `validation_count` records out. The same (seed, replicate) gives the same split. Throws InputError
// when no record would be left to train on, or a label is not less than `classes`.
Split stratified_split(std::span<const std::uint8_t> labels, std::int64_t classes,
                       std::int64_t validation_count, std::uint64_t seed, std::uint64_t replicate);

// `count` of the records `train`, stratified by their `labels`, ascending; the subset of 1,000 lies within
// that of 2,000. `labels` are those of all records. Throws InputError when count is less than 1 or more than there are.
std::vector<std::uint32_t> subset(std::span<const std::uint32_t> train, std::int64_t count,
                                  std::span<const std::uint8_t> labels, std::int64_t classes,
                                  std::uint64_t seed, std::uint64_t replicate);

}  // namespace basin::data
