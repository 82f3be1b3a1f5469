#include "basin/data/readers/safetensors_arrays.hpp"

#include <string_view>
#include <utility>

#include "basin/core/error.hpp"
#include "basin/storage/safetensors.hpp"

namespace basin::data {
namespace {

Element element_of(const storage::TensorBytes& tensor) {
  constexpr std::pair<std::string_view, Element> types[] = {
      {"BOOL", Element::boolean}, {"U8", Element::u8},     {"I8", Element::i8},   {"U16", Element::u16},
      {"I16", Element::i16},      {"U32", Element::u32},   {"I32", Element::i32}, {"I64", Element::i64},
      {"F16", Element::f16},      {"BF16", Element::bf16}, {"F32", Element::f32}, {"F64", Element::f64}};
  for (const auto& [name, element] : types)
    if (name == tensor.type) return element;
  throw FormatError("'" + tensor.name + "'", "BOOL, U8 to I64, F16, BF16, F32 or F64", tensor.type);
}

}  // namespace

std::map<std::string, Array> safetensors_arrays(std::span<const std::uint8_t> bytes) {
  std::map<std::string, Array> out;
  for (const storage::TensorBytes& tensor : storage::parse_safetensors(bytes))
    out.emplace(tensor.name,
                Array{element_of(tensor), tensor.shape, {tensor.bytes.begin(), tensor.bytes.end()}});
  return out;
}

}  // namespace basin::data
