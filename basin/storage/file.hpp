// Files as bytes. Every error is an InputError that names the file; none of these writes.
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

// For messages: how a file ends that is shorter than what it says of itself.
inline constexpr std::string_view cut_short = ", as after a download that broke off";

bool is_there(const std::filesystem::path& file);
std::size_t size_of(const std::filesystem::path& file);
// The whole file, or `count` bytes of it from `offset` on, fewer where it ends before.
std::vector<std::uint8_t> read_file(const std::filesystem::path& file);
std::vector<std::uint8_t> read_part(const std::filesystem::path& file, std::size_t offset, std::size_t count);

// What stands there instead of data, where the beginning of a file tells: "it is a web page ...", or empty. What servers and
// downloads leave in the place of what was asked for.
std::string something_else(std::span<const std::uint8_t> beginning);
// Throws `wrong` again with the file's name, and says what it is where that is something else.
[[noreturn]] void refuse(const std::filesystem::path& file, const FormatError& wrong);

// What `parse` returns; a FormatError that it throws is refused.
template <class Parse>
auto parsed(const std::filesystem::path& file, Parse&& parse) {
  try {
    return std::forward<Parse>(parse)();
  } catch (const FormatError& e) {
    refuse(file, e);
  }
}

}  // namespace basin::storage
