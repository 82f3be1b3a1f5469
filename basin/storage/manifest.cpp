#include "basin/storage/manifest.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

#include "basin/core/error.hpp"

namespace basin::storage {
namespace {

using Json = nlohmann::json;

constexpr std::size_t largest = 64u << 20;
constexpr int deepest = 16, version = 1;
constexpr const char* format = "basin-checkpoint";

std::uint32_t checksum(const Json& value, const std::string& of) {
  const std::string text = value.is_string() ? value.get<std::string>() : "";
  std::uint32_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out, 16);
  if (text.size() != 8 || error != std::errc{} || end != text.data() + text.size())
    throw FormatError(0, "8 hexadecimal digits as the crc32 of " + of, value.dump());
  return out;
}

const Json& member(const Json& object, const char* key, Json::value_t type) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  if (found == object.end() || found->type() != type)
    throw FormatError(0, std::string("'") + key + "' of a manifest", "none, or of another type");
  return *found;
}

// A manifest must not name files outside its folder.
void check_name(const std::string& name) {
  const bool plain =
      !name.empty() && name.size() <= 128 && name[0] != '.' &&
      std::ranges::all_of(name, [](unsigned char c) { return c > 0x20 && c < 0x7f && c != '/'; });
  if (!plain) throw FormatError(0, "a plain name of a file", "another");
}

Manifest::File file_of(const Json& entry) {
  Manifest::File out{member(entry, "name", Json::value_t::string).get<std::string>(),
                     member(entry, "bytes", Json::value_t::number_unsigned).get<std::uint64_t>(), 0};
  check_name(out.name);
  out.crc32 = checksum(member(entry, "crc32", Json::value_t::string), out.name);
  return out;
}

Json parsed_json(std::string_view text) {
  if (text.size() > largest) throw FormatError(0, "a manifest of at most 64 MiB", text.size());
  if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos)
    throw FormatError(nul, "a manifest without NUL", "one");
  const auto depth_allowed = [](int depth, Json::parse_event_t, Json&) {
    if (depth > deepest) throw FormatError(0, "at most 16 levels", static_cast<std::size_t>(depth));
    return true;
  };
  try {
    return Json::parse(text, depth_allowed);
  } catch (const Json::parse_error& e) {
    throw FormatError(e.byte, "JSON", "something else");
  } catch (const Json::exception&) {
    throw FormatError(0, "JSON with numbers that can be kept", "others");
  }
}

}  // namespace

std::uint32_t crc32_of(std::span<const std::uint8_t> bytes) {
  return static_cast<std::uint32_t>(crc32_z(0, bytes.data(), bytes.size()));
}
std::uint32_t crc32_of(std::string_view bytes) {
  return crc32_of(std::span(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()));
}

std::string hexadecimal(std::uint32_t value) {
  std::array<char, 8> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, 16).ptr;
  const std::string out(digits.data(), end);
  return std::string(8 - out.size(), '0') + out;
}

Manifest parse_manifest(std::string_view text) {
  const Json json = parsed_json(text);
  if (member(json, "format", Json::value_t::string) != format)
    throw FormatError(0, std::string("the format ") + format, json["format"].dump());
  if (const Json& found = member(json, "version", Json::value_t::number_unsigned); found != version)
    throw FormatError(0, "version 1", found.dump());
  const Json& content = member(json, "content", Json::value_t::object);
  if (checksum(member(json, "crc32", Json::value_t::string), "the manifest") != crc32_of(content.dump()))
    throw FormatError(0, "the content that its crc32 is of", "another");
  Manifest out{{}, member(content, "state", Json::value_t::object).dump()};
  for (const Json& entry : member(content, "files", Json::value_t::array))
    out.files.push_back(file_of(entry));
  return out;
}

std::string manifest_text(const Manifest& manifest) {
  const Json state = Json::parse(manifest.state, nullptr, /*allow_exceptions=*/false);
  if (!state.is_object()) throw InputError("the state of a manifest must be a JSON object");
  Json files = Json::array();
  for (const Manifest::File& file : manifest.files)
    files.push_back({{"name", file.name}, {"bytes", file.bytes}, {"crc32", hexadecimal(file.crc32)}});
  const Json content{{"files", std::move(files)}, {"state", state}};
  const Json out{{"format", format},
                 {"version", version},
                 {"crc32", hexadecimal(crc32_of(content.dump()))},
                 {"content", content}};
  return out.dump(1) + "\n";
}

}  // namespace basin::storage
