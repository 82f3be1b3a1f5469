// Reads files as bytes. Every error is an InputError that names the file; nothing here writes.
#pragma once
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "basin/core/error.hpp"

namespace basin::storage {

// For messages about a file that is shorter than its own header says.
inline constexpr std::string_view cut_short = ", as after an interrupted download";

bool is_there(const std::filesystem::path& file);
std::size_t size_of(const std::filesystem::path& file);
// Reads the whole file, or `count` bytes from `offset` on, fewer if it ends earlier.
std::vector<std::uint8_t> read_file(const std::filesystem::path& file);
std::vector<std::uint8_t> read_part(const std::filesystem::path& file, std::size_t offset, std::size_t count);

// Describes what a file contains instead of data, if its beginning shows: "it is a web page ..."; otherwise
// empty. Servers and failed downloads leave such files.
std::string something_else(std::span<const std::uint8_t> beginning);
// Throws `wrong` again with the file's name, and says what the file is if that is something else.
[[noreturn]] void refuse(const std::filesystem::path& file, const FormatError& wrong);

// Returns the result of `parse`; refuses the file if it throws a FormatError.
template <class Parse>
auto parsed(const std::filesystem::path& file, Parse&& parse) {
  try {
    return std::forward<Parse>(parse)();
  } catch (const FormatError& e) {
    refuse(file, e);
  }
}

}  // namespace basin::storage
