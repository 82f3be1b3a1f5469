// Files as bytes. Every error is an InputError that names the file; none of these writes.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "basin/core/error.hpp"

namespace basin::data {

bool is_there(const std::filesystem::path& file);
std::size_t size_of(const std::filesystem::path& file);
// The whole file, or `count` bytes of it from `offset` on, fewer where it ends before.
std::vector<std::uint8_t> read_file(const std::filesystem::path& file);
std::vector<std::uint8_t> read_part(const std::filesystem::path& file, std::size_t offset, std::size_t count);

// What `parse` returns; a FormatError that it throws gets the file's name.
template <class Parse>
auto parsed(const std::filesystem::path& file, Parse&& parse) {
  try {
    return std::forward<Parse>(parse)();
  } catch (const FormatError& e) {
    throw FormatError(file.string(), e);
  }
}

}  // namespace basin::data
