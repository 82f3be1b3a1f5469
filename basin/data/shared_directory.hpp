// The directory at the beginning of a shared data set: its columns and where they are.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "basin/data/shared.hpp"

namespace basin::data {

struct Directory {
  std::vector<Column> columns;
  Attributes attributes;
};

// A block to be made: its beginning, and its whole size.
struct Planned {
  std::string beginning;  // magic, length, directory
  std::size_t bytes = 0;
};

// Throws InputError for a negative extent, a repeated or empty name, an empty shape, or sizes that overflow.
Planned plan_block(const std::vector<NewColumn>& columns, const Attributes& attributes);

// Returns the directory of a block, its columns pointing into it. Throws FormatError for anything but a
// block.
Directory parse_directory(std::span<const std::uint8_t> block);

}  // namespace basin::data
