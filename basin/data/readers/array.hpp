// Arrays of numbers as files hold them: the one form that NPY, NPZ, IDX and safetensors are read into.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace basin::data {

enum class Element { boolean, u8, i8, u16, i16, u32, i32, i64, f16, bf16, f32, f64 };

std::size_t bytes_of(Element element);
std::string_view name_of(Element element);  // "f32"
bool is_whole(Element element);             // whether its values are whole numbers

struct Array {
  Element element = Element::u8;
  std::vector<std::int64_t> shape;
  std::vector<std::uint8_t> bytes;  // in the machine's order, row-major
};

// Returns the number of elements. Throws FormatError if they do not fit in memory, or an extent is negative.
std::size_t elements_of(Element element, const std::vector<std::int64_t>& shape);

// Returns the values, rounded to float32 where they are wider.
std::vector<float> floats(const Array& array);
// Returns the values of an array of whole numbers. Throws FormatError for another.
std::vector<std::int64_t> integers(const Array& array);

}  // namespace basin::data
