#include "basin/data/decoded_cache.hpp"

#include <array>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <string>

#include "basin/core/error.hpp"
#include "basin/core/philox.hpp"
#include "basin/core/whole_file.hpp"
#include "basin/storage/file.hpp"
#include "basin/storage/manifest.hpp"

namespace basin::data {
namespace {

namespace fs = std::filesystem;

// Returns the path for the copy; empty if there is no place for it.
fs::path place_of(const fs::path& archive) {
  const fs::path folder = cache_folder();
  std::error_code error;
  const std::string identity = fs::canonical(archive, error).string() + "|" +
                               std::to_string(fs::file_size(archive, error)) + "|" +
                               std::to_string(fs::last_write_time(archive, error).time_since_epoch().count());
  if (folder.empty() || error) return {};
  std::array<char, 16> name;
  const auto end = std::to_chars(name.data(), name.data() + name.size(), hash_name(identity), 16).ptr;
  return folder / "decoded" / (std::string(name.data(), end) + ".bin");
}

}  // namespace

fs::path cache_folder() {
  const auto environment = [](const char* name) {
    const char* value = std::getenv(name);
    return fs::path(value ? value : "");
  };
  if (const fs::path cache = environment("XDG_CACHE_HOME"); cache.is_absolute()) return cache / "basin";
  if (const fs::path home = environment("HOME"); !home.empty()) return home / ".cache" / "basin";
  return {};
}

std::optional<SharedSet> decoded_copy(const fs::path& archive) {
  const fs::path place = place_of(archive);
  if (place.empty() || !storage::is_there(place)) return std::nullopt;
  try {
    const std::vector<std::uint8_t> bytes = storage::read_file(place);
    std::uint32_t kept;
    if (bytes.size() < sizeof kept) return std::nullopt;
    const auto block = std::span(bytes).first(bytes.size() - sizeof kept);
    std::memcpy(&kept, block.data() + block.size(), sizeof kept);
    if (storage::crc32_of(block) != kept) return std::nullopt;
    return SharedSet::copy(block);
  } catch (const InputError&) {
    return std::nullopt;
  }
}

void keep_decoded(const fs::path& archive, const SharedSet& set) {
  const fs::path place = place_of(archive);
  if (place.empty()) return;
  std::error_code error;
  fs::create_directories(place.parent_path(), error);
  std::string bytes(reinterpret_cast<const char*>(set.block().data()), set.block().size());
  const std::uint32_t sum = storage::crc32_of(set.block());
  bytes.append(reinterpret_cast<const char*>(&sum), sizeof sum);
  try {
    write_atomically(place, bytes);
  } catch (const Error&) {  // only a convenience: the archive is there
  }
}

}  // namespace basin::data
