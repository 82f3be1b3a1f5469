#include "basin/storage/file.hpp"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>

namespace basin::storage {
namespace {

[[noreturn]] void cannot_read(const std::filesystem::path& file, const std::string& why) {
  throw InputError(file.string() + ": cannot be read: " + why);
}

constexpr std::size_t telling = 512;  // bytes that tell what a file is

// Skips blanks and a byte order mark: "<!DOCTYPE html>", "<html", "<?xml".
bool is_web_page(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  const auto is_text = [](unsigned char c) { return std::isprint(c) != 0; };
  return text.size() >= 4 && text[0] == '<' && std::ranges::all_of(text.substr(1, 3), is_text);
}

}  // namespace

bool is_there(const std::filesystem::path& file) {
  std::error_code none;
  return std::filesystem::exists(file, none);
}

std::size_t size_of(const std::filesystem::path& file) {
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  if (error) cannot_read(file, error.message());
  return size;
}

std::vector<std::uint8_t> read_part(const std::filesystem::path& file, std::size_t offset,
                                    std::size_t count) {
  const std::size_t size = size_of(file), begin = std::min(offset, size);
  std::vector<std::uint8_t> bytes(std::min(count, size - begin));
  errno = 0;
  std::ifstream in(file, std::ios::binary);
  in.seekg(static_cast<std::streamoff>(begin));
  in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  if (!in) cannot_read(file, errno ? std::strerror(errno) : "it became shorter");
  return bytes;
}

std::vector<std::uint8_t> read_file(const std::filesystem::path& file) {
  return read_part(file, 0, size_of(file));
}

std::string something_else(std::span<const std::uint8_t> beginning) {
  const std::string_view text(reinterpret_cast<const char*>(beginning.data()),
                              std::min(beginning.size(), telling));
  if (text.empty()) return "it is empty" + std::string(cut_short);
  if (is_web_page(text)) return "it is a web page that a server sent instead of the file";
  if (text.starts_with("version https://git-lfs.github.com/"))
    return "it is a pointer of Git LFS; 'git lfs pull' fetches the file";
  if (text.starts_with("PK\x03\x04")) return "it is a zip archive; unpack it";
  if (text.starts_with("\xfd\x37zXZ")) return "it is compressed by xz; unpack it";
  return "";
}

void refuse(const std::filesystem::path& file, const FormatError& wrong) {
  std::string what;
  try {
    what = something_else(read_part(file, 0, telling));
  } catch (const InputError&) {  // a member of an archive
  }
  throw FormatError(file.string() + (what.empty() ? "" : ": " + what), wrong);
}

}  // namespace basin::storage
