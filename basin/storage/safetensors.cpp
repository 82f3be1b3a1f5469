#include "basin/storage/safetensors.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "basin/core/error.hpp"

namespace basin::storage {
namespace {

using Json = nlohmann::json;

static_assert(std::endian::native == std::endian::little,
              "safetensors are little-endian, and so is every reader here");

constexpr std::uint64_t largest_header = 100'000'000;
constexpr std::size_t most_dimensions = 8, longest_name = 512, most_tensors = 1'000'000;

// In the order of safetensors/src/tensor.rs, by which writers sort.
constexpr std::pair<std::string_view, std::uint64_t> types[] = {
    {"BOOL", 1}, {"U8", 1},  {"I8", 1},  {"F8_E5M2", 1}, {"F8_E4M3", 1}, {"F8_E8M0", 1},
    {"I16", 2},  {"U16", 2}, {"F16", 2}, {"BF16", 2},    {"I32", 4},     {"U32", 4},
    {"F32", 4},  {"C64", 8}, {"F64", 8}, {"I64", 8},     {"U64", 8}};

std::size_t index_of(const std::string& type) {
  const auto* found = std::ranges::find(types, type, [](const auto& t) { return std::string(t.first); });
  if (found == std::end(types)) throw FormatError(8, "a known dtype", "'" + type + "'");
  return static_cast<std::size_t>(found - std::begin(types));
}

// nlohmann skips a byte order mark and takes NUL as the end of the text, whatever follows; JSON has neither.
void check_text(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos || text[first] != '{')
    throw FormatError(8, "a header that begins with '{'", "something else");
  if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos)
    throw FormatError(8 + nul, "a header without NUL", "one");
}

// nlohmann keeps the last of two equal keys; the format forbids duplicates at every level.
Json parse_header(std::string_view text) {
  check_text(text);
  std::vector<std::set<std::string>> keys;
  const auto watch = [&](int depth, Json::parse_event_t event, Json& value) {
    if (depth > 4) throw FormatError(8, "a header at most 4 levels deep", static_cast<std::size_t>(depth));
    if (event == Json::parse_event_t::object_start) keys.emplace_back();
    if (event == Json::parse_event_t::object_end) keys.pop_back();
    if (event == Json::parse_event_t::key && !keys.back().insert(value.get<std::string>()).second)
      throw FormatError(8, "every name once", "'" + value.get<std::string>() + "' twice");
    if (!keys.empty() && keys[0].size() > most_tensors)
      throw FormatError(8, "at most 1000000 tensors", "more");
    return true;
  };
  try {
    Json header = Json::parse(text, watch);
    if (header.is_object()) return header;
  } catch (const Json::exception&) {
  }
  throw FormatError(8, "a header that is a JSON object", "something else");
}

std::uint64_t unsigned_of(const Json& value, const std::string& name) {
  if (value.is_number_unsigned()) return value.get<std::uint64_t>();
  throw FormatError(8, "whole numbers in shape and data_offsets of '" + name + "'", value.dump());
}

void check_name(const std::string& name) {
  const bool control = std::ranges::any_of(name, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
  if (name.size() > longest_name || control)
    throw FormatError(8, "names of at most 512 bytes without control characters", "another");
}

std::uint64_t bytes_of(const TensorBytes& tensor) {
  std::uint64_t bytes = types[index_of(tensor.type)].second;
  for (const std::int64_t extent : tensor.shape)
    if (extent < 0 || __builtin_mul_overflow(bytes, static_cast<std::uint64_t>(extent), &bytes))
      throw FormatError(8, "a shape that fits in memory", "that of '" + tensor.name + "'");
  return bytes;
}

// One entry. Its bytes are set later, after its position among the others has been checked.
struct Placed {
  TensorBytes tensor;
  std::uint64_t begin, end;
};

Placed placed(const std::string& name, const Json& entry) {
  check_name(name);
  if (!entry.is_object() || !entry.contains("dtype") || !entry["dtype"].is_string() ||
      !entry.contains("shape") || !entry["shape"].is_array() || !entry.contains("data_offsets") ||
      !entry["data_offsets"].is_array())
    throw FormatError(8, "dtype, shape and data_offsets of '" + name + "'", "another entry");
  const Json &shape = entry["shape"], &offsets = entry["data_offsets"];
  if (shape.size() > most_dimensions)
    throw FormatError(8, "at most 8 dimensions of '" + name + "'", shape.size());
  if (offsets.size() != 2) throw FormatError(8, "two data_offsets of '" + name + "'", offsets.size());
  Placed out{{name, entry["dtype"].get<std::string>(), {}, {}},
             unsigned_of(offsets[0], name),
             unsigned_of(offsets[1], name)};
  for (const Json& extent : shape)
    out.tensor.shape.push_back(static_cast<std::int64_t>(unsigned_of(extent, name)));
  if (out.end < out.begin || out.end - out.begin != bytes_of(out.tensor))
    throw FormatError(8, std::to_string(bytes_of(out.tensor)) + " bytes of '" + name + "'",
                      "other data_offsets");
  return out;
}

// null counts as absent, as in safetensors/src/tensor.rs.
void check_metadata(const Json& metadata) {
  if (metadata.is_null()) return;
  if (metadata.is_object() && std::ranges::all_of(metadata, [](const Json& v) { return v.is_string(); }))
    return;
  throw FormatError(8, "__metadata__ from strings to strings", "something else");
}

std::string_view header_of(std::span<const std::uint8_t> bytes) {
  if (bytes.size() < 8) throw FormatError(0, "the 8 bytes of the header's length", bytes.size());
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), 8);
  if (length > largest_header) throw FormatError(0, "a header of at most 100000000 bytes", length);
  if (length > bytes.size() - 8)
    throw FormatError(8, "a header of " + std::to_string(length) + " bytes", bytes.size() - 8);
  return {reinterpret_cast<const char*>(bytes.data()) + 8, length};
}

}  // namespace

std::vector<TensorBytes> parse_safetensors(std::span<const std::uint8_t> bytes) {
  const std::string_view text = header_of(bytes);
  const Json header = parse_header(text);
  const std::uint64_t length = text.size();
  const std::span body = bytes.subspan(8 + length);
  std::vector<Placed> entries;
  for (const auto& [name, entry] : header.items()) {
    if (name == "__metadata__")
      check_metadata(entry);
    else
      entries.push_back(placed(name, entry));
  }
  std::ranges::stable_sort(entries, {}, [](const Placed& e) { return std::pair(e.begin, e.end); });
  std::uint64_t at = 0;
  std::vector<TensorBytes> out;
  for (Placed& entry : entries) {
    if (entry.begin != at || entry.end > body.size())
      throw FormatError(8 + length + std::min<std::uint64_t>(at, body.size()),
                        "the bytes of '" + entry.tensor.name + "'",
                        entry.begin != at ? "a gap or an overlap" : "the end of the file");
    entry.tensor.bytes = body.subspan(entry.begin, entry.end - entry.begin);
    at = entry.end;
    out.push_back(std::move(entry.tensor));
  }
  if (at != body.size())
    throw FormatError(8 + length + at, "the end of the file",
                      std::to_string(body.size() - at) + " bytes more");
  return out;
}

std::map<std::string, std::string> safetensors_metadata(std::span<const std::uint8_t> bytes) {
  const Json header = parse_header(header_of(bytes));
  const auto found = header.find("__metadata__");
  if (found == header.end() || found->is_null()) return {};
  check_metadata(*found);
  return found->get<std::map<std::string, std::string>>();
}

std::string safetensors(std::span<const TensorBytes> tensors,
                        const std::map<std::string, std::string>& metadata) {
  std::vector<TensorBytes> sorted(tensors.begin(), tensors.end());
  std::ranges::sort(sorted, {},
                    [](const TensorBytes& t) { return std::pair(-int(index_of(t.type)), t.name); });
  auto header = nlohmann::ordered_json::object();
  if (!metadata.empty()) header["__metadata__"] = metadata;
  std::uint64_t at = 0;
  for (const TensorBytes& tensor : sorted) {
    check_name(tensor.name);
    if (header.contains(tensor.name)) throw InputError("two tensors have the name '" + tensor.name + "'");
    if (bytes_of(tensor) != tensor.bytes.size())
      throw InputError("the bytes of '" + tensor.name + "' do not fit its shape");
    header[tensor.name] = {
        {"dtype", tensor.type}, {"shape", tensor.shape}, {"data_offsets", {at, at + tensor.bytes.size()}}};
    at += tensor.bytes.size();
  }
  std::string text = header.dump();
  text.append((8 - text.size() % 8) % 8, ' ');  // aligns the tensors
  const std::uint64_t length = text.size();
  std::string out(8, '\0');
  std::memcpy(out.data(), &length, 8);
  out.reserve(8 + length + at);
  out += text;
  for (const TensorBytes& tensor : sorted)
    out.append(reinterpret_cast<const char*>(tensor.bytes.data()), tensor.bytes.size());
  return out;
}

}  // namespace basin::storage
