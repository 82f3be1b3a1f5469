#include "basin/data/shared_directory.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>

#include "basin/core/error.hpp"

namespace basin::data {
namespace {

using Json = nlohmann::json;

constexpr std::uint64_t magic = 0x0032'306e'6973'6162;  // "basin02" in little-endian memory
constexpr std::size_t prefix = 16;                      // magic and length
constexpr std::size_t alignment = 64;                   // a line of the cache
constexpr std::array<std::string_view, 5> type_names{"u8", "u16", "i32", "i64", "f32"};
constexpr std::array<std::size_t, 5> type_sizes{1, 2, 4, 8, 4};

// Throws InputError for sizes that overflow, or that no pointer reaches.
std::size_t bytes_of(Type type, const Extents& shape) {
  std::size_t bytes = size_of(type);
  for (const std::int64_t extent : shape) {
    if (extent < 0) throw InputError("a column cannot have the extent " + std::to_string(extent));
    if (__builtin_mul_overflow(bytes, static_cast<std::size_t>(extent), &bytes) ||
        bytes > std::numeric_limits<std::int64_t>::max() / 2)
      throw InputError("a column of more bytes than fit in memory");
  }
  return bytes;
}

std::size_t aligned(std::size_t offset) { return (offset + alignment - 1) / alignment * alignment; }

Type type_named(const std::string& name) {
  const auto found = std::ranges::find(type_names, name);
  if (found == type_names.end()) throw InputError("an unknown type '" + name + "'");
  return static_cast<Type>(found - type_names.begin());
}

Column column_of(const Json& entry, std::span<const std::uint8_t> block) {
  Column out{entry.at("name").get<std::string>(),
             type_named(entry.at("type").get<std::string>()),
             entry.at("shape").get<Extents>(),
             {}};
  const auto offset = entry.at("offset").get<std::uint64_t>();
  if (out.shape.empty()) throw InputError("a column without extents");
  const std::size_t bytes = bytes_of(out.type, out.shape);
  if (offset % alignment != 0 || offset > block.size() || bytes > block.size() - offset)
    throw InputError("the column " + out.name + " lies outside");
  out.bytes = block.subspan(offset, bytes);
  return out;
}

Directory read(std::string_view text, std::span<const std::uint8_t> block) {
  const Json json = Json::parse(text);
  Directory out;
  json.at("attributes").get_to(out.attributes);
  for (const Json& entry : json.at("columns")) out.columns.push_back(column_of(entry, block));
  return out;
}

}  // namespace

std::string_view name_of(Type type) { return type_names.at(static_cast<std::size_t>(type)); }
std::size_t size_of(Type type) { return type_sizes.at(static_cast<std::size_t>(type)); }

Planned plan_block(const std::vector<NewColumn>& columns, const Attributes& attributes) {
  Json entries = Json::array();
  std::set<std::string> names;
  std::size_t offset = 0;  // from the end of the directory, whose length is not known yet
  for (const NewColumn& column : columns) {
    if (column.name.empty() || !names.insert(column.name).second)
      throw InputError("a data set cannot have two columns '" + column.name + "', or one without a name");
    if (column.shape.empty()) throw InputError("the column " + column.name + " has no extents");
    entries.push_back(
        {{"name", column.name}, {"type", name_of(column.type)}, {"shape", column.shape}, {"offset", offset}});
    offset = aligned(offset + bytes_of(column.type, column.shape));
  }
  // Room for the offsets to grow by as many digits as they can.
  const Json directory{{"attributes", attributes}, {"columns", entries}};
  const std::size_t begin = aligned(prefix + directory.dump().size() + 20 * columns.size());
  for (Json& entry : entries) entry["offset"] = entry["offset"].get<std::size_t>() + begin;
  std::string text = Json{{"attributes", attributes}, {"columns", entries}}.dump();
  text.resize(begin - prefix, ' ');
  std::array<std::uint64_t, 2> numbers{magic, text.size()};
  return {std::string(reinterpret_cast<const char*>(numbers.data()), prefix) + text, begin + offset};
}

Directory parse_directory(std::span<const std::uint8_t> block) {
  if (block.size() < prefix) throw FormatError(0, "a beginning of 16 bytes", block.size());
  std::array<std::uint64_t, 2> numbers;
  std::memcpy(numbers.data(), block.data(), prefix);
  if (numbers[0] != magic) throw FormatError(0, "the mark of a data set in shared memory", "another");
  if (numbers[1] > block.size() - prefix)
    throw FormatError(8, "a directory within the block", std::to_string(numbers[1]) + " bytes");
  const std::string_view text(reinterpret_cast<const char*>(block.data()) + prefix, numbers[1]);
  try {
    return read(text, block);
  } catch (const std::exception& e) {  // of the JSON library, or one of ours
    throw FormatError(prefix, "the directory of a data set", e.what());
  }
}

}  // namespace basin::data
