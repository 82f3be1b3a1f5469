// Philox4x32-10: random numbers as a pure function of a key and a counter.
//
// Paper    Salmon, Moraes, Dror & Shaw, Parallel Random Numbers: As Easy as 1, 2, 3, SC 2011
// Value    four independent 32-bit words for each (key, counter); there is no state to save, order or lock
// Cost     about 10 ns per block
#pragma once
#include <array>
#include <cstdint>
#include <numeric>
#include <span>
#include <string_view>
#include <utility>

namespace basin {

using Block = std::array<std::uint32_t, 4>;

constexpr Block philox(std::uint64_t key, std::uint64_t counter_low, std::uint64_t counter_high = 0) {
  auto k0 = static_cast<std::uint32_t>(key), k1 = static_cast<std::uint32_t>(key >> 32);
  Block c{static_cast<std::uint32_t>(counter_low), static_cast<std::uint32_t>(counter_low >> 32),
          static_cast<std::uint32_t>(counter_high), static_cast<std::uint32_t>(counter_high >> 32)};
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t p0 = 0xD2511F53ull * c[0], p1 = 0xCD9E8D57ull * c[2];
    c = {static_cast<std::uint32_t>(p1 >> 32) ^ c[1] ^ k0, static_cast<std::uint32_t>(p1),
         static_cast<std::uint32_t>(p0 >> 32) ^ c[3] ^ k1, static_cast<std::uint32_t>(p0)};
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  return c;
}

// 64-bit FNV-1a. Turns the name of a purpose ("split", "order", "init") into part of a key.
constexpr std::uint64_t hash_name(std::string_view text) {
  std::uint64_t h = 0xcbf29ce484222325ull;
  for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3ull;
  return h;
}

// A stream of random numbers, named by its purpose. Streams that differ in (seed, replicate), purpose or
// index are independent; equal ones give the same numbers on every machine. Copying a stream copies its
// position.
class Stream {
 public:
  Stream(std::uint64_t seed, std::uint64_t replicate, std::string_view purpose, std::uint64_t index = 0)
      : key_(mix(mix(seed, replicate), hash_name(purpose))), index_(index) {}

  std::uint64_t next64() {
    if (used_ == 4) {
      block_ = philox(key_, counter_++, index_);
      used_ = 0;
    }
    const std::uint64_t low = block_[used_], high = block_[used_ + 1];
    used_ += 2;
    return low | high << 32;
  }
  // Uniform in [0, 1), 53 bits.
  double uniform() { return static_cast<double>(next64() >> 11) * 0x1p-53; }
  // Uniform in [0, bound), without bias (Lemire, Fast Random Integer Generation in an Interval, 2019).
  // Requires bound > 0.
  std::uint64_t below(std::uint64_t bound) {
    while (true) {
      const auto product = static_cast<Wide>(next64()) * bound;
      const auto low = static_cast<std::uint64_t>(product);
      if (low >= bound || low >= (0 - bound) % bound) return static_cast<std::uint64_t>(product >> 64);
    }
  }
  // Fisher-Yates.
  template <class T>
  void shuffle(std::span<T> items) {
    for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[below(i)]);
  }

 private:
  __extension__ typedef unsigned __int128 Wide;
  static constexpr std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
    const Block block = philox(a, b, 0x6261736e);
    return block[0] | static_cast<std::uint64_t>(block[1]) << 32;
  }
  std::uint64_t key_, index_, counter_ = 0;
  Block block_{};
  std::size_t used_ = 4;
};

}  // namespace basin
