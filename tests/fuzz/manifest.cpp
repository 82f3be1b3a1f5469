// Any bytes: refused, or a manifest that comes back. With the right checksum written into it, so that more
// than that is tried.
#include "basin/storage/manifest.hpp"

#include <cstdio>
#include <nlohmann/json.hpp>

#include "basin/core/error.hpp"
#include "tests/fuzz/require.hpp"

namespace {

void check(std::string_view text) {
  using namespace basin::storage;
  try {
    const Manifest read = parse_manifest(text);
    for (const Manifest::File& file : read.files)
      require(file.name.find('/') == std::string::npos && file.name[0] != '.', "files lie beside it");
    const Manifest again = parse_manifest(manifest_text(read));
    require(again.files == read.files && again.state == read.state, "what was read can be written");
  } catch (const basin::FormatError&) {
  }
}

int depth_of(std::string_view text) {  // an upper bound of JSON's nesting
  int depth = 0, most = 0;
  for (const char c : text) most = std::max(most, depth += (c == '[' || c == '{') - (c == ']' || c == '}'));
  return most;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check(text);
  if (depth_of(text) > 100) return 0;  // `dump` below belongs to nlohmann
  auto json = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object() || !json.contains("content")) return 0;
  char sum[9];
  std::snprintf(sum, sizeof sum, "%08x", basin::storage::crc32_of(json["content"].dump()));
  json["crc32"] = sum;
  check(json.dump());
  return 0;
}
