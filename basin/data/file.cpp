#include "basin/data/file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>

namespace basin::data {
namespace {

[[noreturn]] void cannot_read(const std::filesystem::path& file, const std::string& why) {
  throw InputError(file.string() + ": cannot be read: " + why);
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

}  // namespace basin::data
