#include "basin/search/sequences.hpp"

#include <algorithm>
#include <boost/random/sobol.hpp>
#include <cmath>
#include <string>

#include "basin/core/error.hpp"
#include "basin/core/philox.hpp"

namespace basin::search {
namespace {

constexpr std::size_t most_dimensions = 3667;  // of the table in Boost

std::size_t checked(std::size_t dimensions) {
  if (dimensions <= most_dimensions) return dimensions;
  throw InputError("a Sobol sequence has at most " + std::to_string(most_dimensions) +
                   " parameters; this space has " + std::to_string(dimensions));
}

std::vector<std::uint32_t> sobol_bits(std::uint64_t index, std::size_t dimensions) {
  std::vector<std::uint32_t> out(checked(dimensions));
  if (index == 0) return out;
  boost::random::sobol_engine<std::uint32_t, 32> engine(dimensions);  // its first point is number 1
  engine.seed(static_cast<std::uint32_t>(index - 1));
  for (std::uint32_t& bits : out) bits = engine();
  return out;
}

// The tree of Owen's scrambling: a node is a prefix, the 1 before it keeps 0 and 00 apart.
std::uint32_t scrambled(std::uint32_t bits, std::uint64_t key, std::uint64_t dimension) {
  std::uint32_t flips = 0;
  for (int place = 0; place < 32; ++place) {
    const std::uint64_t prefix = (std::uint64_t{1} << 32 | bits) >> (32 - place);
    flips |= (philox(key, prefix, dimension)[0] & 1u) << (31 - place);
  }
  return bits ^ flips;
}

std::vector<std::uint64_t> first_primes(std::size_t count) {
  std::vector<std::uint64_t> primes;
  for (std::uint64_t n = 2; primes.size() < count; ++n)
    if (std::ranges::none_of(primes, [n](std::uint64_t p) { return n % p == 0; })) primes.push_back(n);
  return primes;
}

double scrambled_inverse(std::uint64_t index, std::uint64_t base, std::uint64_t key) {
  double value = 0, unit = 1;
  for (std::uint64_t place = 0; unit > 0x1p-53; ++place, index /= base) {
    const Block drawn = philox(key, place, base);
    const std::uint64_t a = 1 + drawn[0] % (base - 1), c = drawn[1] % base;
    unit /= static_cast<double>(base);
    value += static_cast<double>((a * (index % base) + c) % base) * unit;
  }
  return std::min(value, 1 - 0x1p-53);
}

}  // namespace

std::vector<double> sobol(std::uint64_t index, std::size_t dimensions) {
  std::vector<double> out;
  for (const std::uint32_t bits : sobol_bits(index, dimensions)) out.push_back(std::ldexp(bits, -32));
  return out;
}

std::vector<double> scrambled_sobol(std::uint64_t index, std::size_t dimensions, std::uint64_t key) {
  std::vector<double> out;
  for (const std::uint32_t bits : sobol_bits(index, dimensions))
    out.push_back(std::ldexp(scrambled(bits, key, out.size()), -32));
  return out;
}

std::vector<std::vector<double>> shifted_sobol(std::size_t count, std::size_t dimensions, std::uint64_t key) {
  boost::random::sobol_engine<std::uint32_t, 32> engine(checked(dimensions));
  std::vector<std::vector<double>> out(count, std::vector<double>(dimensions));
  std::vector<std::uint32_t> shift(dimensions), bits(dimensions);
  for (std::size_t i = 0; i < dimensions; ++i) shift[i] = philox(key, i)[0];
  for (std::vector<double>& point : out) {
    for (std::size_t i = 0; i < dimensions; ++i) point[i] = std::ldexp(bits[i] ^ shift[i], -32);
    for (std::uint32_t& b : bits) b = engine();
  }
  return out;
}

std::vector<double> halton(std::uint64_t index, std::size_t dimensions) {
  std::vector<double> out;
  for (const std::uint64_t base : first_primes(dimensions)) {
    std::uint64_t mirrored = 0, power = 1;  // the digits of the index, last one first
    for (std::uint64_t left = index; left > 0; left /= base, power *= base)
      mirrored = mirrored * base + left % base;
    out.push_back(static_cast<double>(mirrored) / static_cast<double>(power));
  }
  return out;
}

std::vector<double> scrambled_halton(std::uint64_t index, std::size_t dimensions, std::uint64_t key) {
  std::vector<double> out;
  for (const std::uint64_t base : first_primes(dimensions))
    out.push_back(scrambled_inverse(index, base, key));
  return out;
}

}  // namespace basin::search
