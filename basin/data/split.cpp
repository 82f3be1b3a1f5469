#include "basin/data/split.hpp"

#include <algorithm>
#include <numeric>
#include <string>

#include "basin/core/error.hpp"
#include "basin/core/philox.hpp"

namespace basin::data {
namespace {

using Indices = std::vector<std::uint32_t>;

std::vector<Indices> by_class(std::span<const std::uint32_t> records, std::span<const std::int32_t> labels,
                              std::int64_t classes) {
  std::vector<Indices> members(static_cast<std::size_t>(classes));
  for (const std::uint32_t record : records) {
    if (labels[record] < 0 || labels[record] >= classes)
      throw InputError("record " + std::to_string(record) + " has label " + std::to_string(labels[record]) +
                       "; the labels of " + std::to_string(classes) + " classes are 0 to " +
                       std::to_string(classes - 1));
    members[static_cast<std::size_t>(labels[record])].push_back(record);
  }
  return members;
}

// Returns all records in an order in which every prefix is a stratified sample.
Indices stratified_order(std::span<const std::uint32_t> records, std::span<const std::int32_t> labels,
                         std::int64_t classes, Stream random) {
  struct Seat {
    std::uint64_t position, size;  // at (2 position + 1) / (2 size) of the way
    std::uint32_t record;
    bool operator<(const Seat& other) const {
      return (2 * position + 1) * other.size < (2 * other.position + 1) * size;
    }
  };
  std::vector<Seat> seats;
  for (Indices& members : by_class(records, labels, classes)) {
    random.shuffle(std::span(members));
    for (std::uint64_t k = 0; k < members.size(); ++k) seats.push_back({k, members.size(), members[k]});
  }
  std::ranges::stable_sort(seats, std::less{});
  Indices order(seats.size());
  std::ranges::transform(seats, order.begin(), &Seat::record);
  return order;
}

Indices ascending(std::span<const std::uint32_t> indices) {
  Indices sorted(indices.begin(), indices.end());
  std::ranges::sort(sorted);
  return sorted;
}

void check_held_out(std::int64_t count, std::size_t records) {
  if (count < 0 || static_cast<std::size_t>(count) >= records)
    throw InputError("cannot hold " + std::to_string(count) + " records out of " + std::to_string(records) +
                     "; hold out 0 or more, and leave one to train on");
}

void check_subset(std::int64_t count, std::size_t records) {
  if (count < 1 || static_cast<std::size_t>(count) > records)
    throw InputError("cannot train on " + std::to_string(count) + " of " + std::to_string(records) +
                     " training records; use 1 to " + std::to_string(records));
}

Split cut(const Indices& order, std::int64_t validation_count) {
  const auto held_out = static_cast<std::size_t>(validation_count);
  return {.train = ascending(std::span(order).subspan(held_out)),
          .validation = ascending(std::span(order).first(held_out))};
}

}  // namespace

Indices every_record(std::size_t count) {
  Indices all(count);
  std::iota(all.begin(), all.end(), 0u);
  return all;
}

Split stratified_split(std::span<const std::int32_t> labels, std::int64_t classes,
                       std::int64_t validation_count, std::uint64_t seed, std::uint64_t replicate) {
  check_held_out(validation_count, labels.size());
  return cut(stratified_order(every_record(labels.size()), labels, classes, Stream(seed, replicate, "split")),
             validation_count);
}

Split random_split(std::size_t records, std::int64_t validation_count, std::uint64_t seed,
                   std::uint64_t replicate) {
  check_held_out(validation_count, records);
  Indices order = every_record(records);
  Stream(seed, replicate, "split").shuffle(std::span(order));
  return cut(order, validation_count);
}

Indices subset(std::span<const std::uint32_t> train, std::int64_t count, std::span<const std::int32_t> labels,
               std::int64_t classes, std::uint64_t seed, std::uint64_t replicate) {
  check_subset(count, train.size());
  const Indices order = stratified_order(train, labels, classes, Stream(seed, replicate, "subset"));
  return ascending(std::span(order).first(static_cast<std::size_t>(count)));
}

Indices random_subset(std::span<const std::uint32_t> train, std::int64_t count, std::uint64_t seed,
                      std::uint64_t replicate) {
  check_subset(count, train.size());
  Indices order(train.begin(), train.end());
  Stream(seed, replicate, "subset").shuffle(std::span(order));
  return ascending(std::span(order).first(static_cast<std::size_t>(count)));
}

}  // namespace basin::data
