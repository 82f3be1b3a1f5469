// What every reader of bytes must survive: its file cut off anywhere, and any byte changed.
#pragma once
#include <gtest/gtest.h>

#include <cstdint>
#include <span>
#include <vector>

#include "basin/core/error.hpp"

namespace samples {

// Calls `read` with every beginning of `file`, and with every byte of it changed in three ways. `read`
// returns, or throws InputError with a message of one line; anything else fails the test. Returns how many
// were refused.
template <class Read>
std::size_t survives_damage(const std::vector<std::uint8_t>& file, const Read& read) {
  std::size_t refused = 0;
  const auto run = [&](const std::vector<std::uint8_t>& bytes, std::size_t at) {
    try {
      read(std::span<const std::uint8_t>(bytes));
    } catch (const basin::InputError& e) {
      ++refused;
      EXPECT_EQ(std::string(e.what()).find('\n'), std::string::npos) << e.what();
    } catch (const std::exception& e) {
      ADD_FAILURE() << "byte " << at << ": " << e.what();
    }
  };
  for (std::size_t size = 0; size < file.size(); ++size)
    run({file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size)}, size);  // exact, for sanitizers
  std::vector<std::uint8_t> damaged = file;
  for (std::size_t at = 0; at < file.size(); ++at)
    for (const int change : {0x01, 0x80, 0xff}) {
      damaged[at] = static_cast<std::uint8_t>(file[at] ^ change);
      run(damaged, at);
      damaged[at] = file[at];
    }
  return refused;
}

}  // namespace samples
