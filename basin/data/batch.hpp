// Batches: the order of an epoch, and records gathered as the floats that a network takes.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "basin/data/normalization.hpp"

namespace basin::data {

// Returns the records of one epoch (from 1) in training order: `train` shuffled, as a function of these
// numbers alone, so that every arm sees the same order.
std::vector<std::uint32_t> order(std::uint64_t seed, std::uint64_t replicate, std::uint64_t epoch,
                                 std::span<const std::uint32_t> train);

// Gathers, normalises and converts in one pass: out[i] = (byte / 255 - mean) / sd, channels last like the
// bytes. `out` holds records.size() * image_bytes floats. Throws InputError when an index lies outside. Cost:
// about 0.3 ns a pixel value; the table in benchmarks/gather_bench.cpp.
void gather(std::span<const std::uint8_t> images, std::int64_t image_bytes,
            std::span<const std::uint32_t> records, const Normalization& normalization, float* out);

// Gathers the labels of the same records, as 64-bit class indices.
void gather_labels(std::span<const std::uint8_t> labels, std::span<const std::uint32_t> records,
                   std::int64_t* out);

// Returns the first byte of one record. Throws InputError if it is out of range.
const std::uint8_t* image_at(std::span<const std::uint8_t> images, std::size_t image_bytes,
                             std::uint32_t record);

}  // namespace basin::data
