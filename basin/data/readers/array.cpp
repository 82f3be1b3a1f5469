#include "basin/data/readers/array.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>

#include "basin/core/error.hpp"

namespace basin::data {
namespace {

struct Kind {
  std::string_view name;
  std::size_t bytes;
  bool whole;
};
constexpr std::array<Kind, 12> kinds{{{"bool", 1, true},
                                      {"u8", 1, true},
                                      {"i8", 1, true},
                                      {"u16", 2, true},
                                      {"i16", 2, true},
                                      {"u32", 4, true},
                                      {"i32", 4, true},
                                      {"i64", 8, true},
                                      {"f16", 2, false},
                                      {"bf16", 2, false},
                                      {"f32", 4, false},
                                      {"f64", 8, false}}};

const Kind& kind_of(Element element) { return kinds[static_cast<std::size_t>(element)]; }

struct Half {  // IEEE 754 binary16
  std::uint16_t bits;
  explicit operator float() const {
    const int exponent = bits >> 10 & 31, fraction = bits & 1023;
    float value =
        std::ldexp(static_cast<float>(exponent ? 1024 + fraction : fraction), (exponent ? exponent : 1) - 25);
    if (exponent == 31)
      value = fraction ? std::numeric_limits<float>::quiet_NaN() : std::numeric_limits<float>::infinity();
    return bits >> 15 ? -value : value;
  }
};

struct Brain {  // bfloat16: the upper half of a float32
  std::uint16_t bits;
  explicit operator float() const { return std::bit_cast<float>(std::uint32_t{bits} << 16); }
};

struct Truth {
  std::uint8_t byte;
  explicit operator float() const { return byte != 0; }
  explicit operator std::int64_t() const { return byte != 0; }
};

template <class From, class To>
void convert(const std::vector<std::uint8_t>& bytes, std::vector<To>& out) {
  out.resize(bytes.size() / sizeof(From));
  for (std::size_t i = 0; i < out.size(); ++i) {
    From value;
    std::memcpy(&value, bytes.data() + i * sizeof value, sizeof value);
    out[i] = static_cast<To>(value);
  }
}

// Calls `convert` for the types of whole numbers; false for others.
template <class To>
bool convert_whole(const Array& array, std::vector<To>& out) {
  switch (array.element) {
    case Element::boolean:
      return convert<Truth>(array.bytes, out), true;
    case Element::u8:
      return convert<std::uint8_t>(array.bytes, out), true;
    case Element::i8:
      return convert<std::int8_t>(array.bytes, out), true;
    case Element::u16:
      return convert<std::uint16_t>(array.bytes, out), true;
    case Element::i16:
      return convert<std::int16_t>(array.bytes, out), true;
    case Element::u32:
      return convert<std::uint32_t>(array.bytes, out), true;
    case Element::i32:
      return convert<std::int32_t>(array.bytes, out), true;
    case Element::i64:
      return convert<std::int64_t>(array.bytes, out), true;
    default:
      return false;
  }
}

}  // namespace

std::size_t bytes_of(Element element) { return kind_of(element).bytes; }
std::string_view name_of(Element element) { return kind_of(element).name; }
bool is_whole(Element element) { return kind_of(element).whole; }

std::size_t elements_of(Element element, const std::vector<std::int64_t>& shape) {
  std::size_t count = 1, bytes = 0;
  for (const std::int64_t extent : shape)
    if (extent < 0 || __builtin_mul_overflow(count, static_cast<std::size_t>(extent), &count))
      throw FormatError("shape", "extents whose product fits in memory", std::to_string(extent));
  if (__builtin_mul_overflow(count, bytes_of(element), &bytes) || bytes > std::size_t{1} << 62)
    throw FormatError("shape", "an array that fits in memory", std::to_string(count) + " elements");
  return count;
}

std::vector<float> floats(const Array& array) {
  std::vector<float> out;
  if (convert_whole(array, out)) return out;
  switch (array.element) {
    case Element::f16:
      convert<Half>(array.bytes, out);
      break;
    case Element::bf16:
      convert<Brain>(array.bytes, out);
      break;
    case Element::f64:
      convert<double>(array.bytes, out);
      break;
    default:
      convert<float>(array.bytes, out);
  }
  return out;
}

std::vector<std::int64_t> integers(const Array& array) {
  std::vector<std::int64_t> out;
  if (convert_whole(array, out)) return out;
  throw FormatError("array", "whole numbers", std::string(name_of(array.element)));
}

}  // namespace basin::data
