// CIFAR-10's binary batches.
//
// Layout   records of 3,073 bytes: the label, then 1,024 red, 1,024 green, 1,024 blue, each plane row by row,
//          32x32
// Accepts  one record or more, labels 0 to 9
// Refuses  anything else with FormatError: byte offset, what was wanted, what was found
// Cost     one pass that turns planes into pixels (channels last), into the caller's memory
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

namespace basin::data {

namespace cifar10 {
inline constexpr std::size_t edge = 32, plane = edge * edge, channels = 3, image = plane * channels;
inline constexpr std::size_t record = 1 + image, classes = 10;
}  // namespace cifar10

// Returns the number of records in a batch of this many bytes.
std::size_t count_cifar10(std::size_t bytes);

// Decodes a whole batch. Requires cifar10::image bytes in `images` and one byte in `labels` per record.
void decode_cifar10(std::span<const std::uint8_t> batch, std::span<std::uint8_t> images,
                    std::span<std::uint8_t> labels);

}  // namespace basin::data
