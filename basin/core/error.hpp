// The errors that basin throws. Each message says in one line what was wrong, where, and what would be right.
#pragma once
#include <cstddef>
#include <stdexcept>
#include <string>

namespace basin {

// A correct request could not be carried out (a full disk, a dead worker). The command exits with 1.
struct Error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// The call or a file was wrong, and repeating it will fail again. Nothing was changed. The command exits with
// 2.
struct InputError : Error {
  using Error::Error;
};

// Bytes that do not follow their format.
struct FormatError : InputError {
  // "byte 16: wanted 784 items, found 12". A caller that knows the file prefixes its name (`in`).
  FormatError(std::size_t offset, const std::string& wanted, const std::string& found)
      : InputError("byte " + std::to_string(offset) + ": wanted " + wanted + ", found " + found) {}
  FormatError(std::size_t offset, const std::string& wanted, std::size_t found)
      : FormatError(offset, wanted, std::to_string(found)) {}
  // "line 17, column 4 (income): wanted a number, found 'abc'", for text.
  FormatError(const std::string& place, const std::string& wanted, const std::string& found)
      : InputError(place + ": wanted " + wanted + ", found " + found) {}
  FormatError(const std::string& file, const FormatError& inner) : InputError(file + ": " + inner.what()) {}
};

}  // namespace basin
