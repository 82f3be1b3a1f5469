#include "basin/storage/generations.hpp"

#include <algorithm>
#include <charconv>

#include "basin/core/error.hpp"
#include "basin/core/whole_file.hpp"
#include "basin/storage/file.hpp"
#include "basin/storage/manifest.hpp"

namespace basin::storage {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view manifest_kind = ".json", tensors_kind = ".safetensors", unfinished_kind = ".part";

// Returns the generation of a file, including parts of an unfinished one; nothing for other files.
std::optional<std::uint64_t> number_of(const std::string& name) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  const std::string_view kind = std::string_view(name).substr(static_cast<std::size_t>(end - name.data()));
  const auto is = [&](std::string_view ours) {
    return kind == ours || (kind.starts_with(ours) && kind.ends_with(unfinished_kind));
  };
  const bool ours = is(manifest_kind) || is(tensors_kind);
  return error == std::errc{} && ours ? std::optional(number) : std::nullopt;
}

std::string_view text_of(const std::vector<std::uint8_t>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

fs::path Generations::path(std::uint64_t number, std::string_view kind) const {
  return folder_ / (std::to_string(number) + std::string(kind));
}

std::vector<std::uint64_t> Generations::numbers() const {
  std::vector<std::uint64_t> out;
  std::error_code absent;
  for (const auto& entry : fs::directory_iterator(folder_, absent)) {
    const std::string name = entry.path().filename();
    if (const auto number = number_of(name); number && path(*number, manifest_kind).filename() == name)
      out.push_back(*number);
  }
  std::ranges::sort(out, std::greater());
  return out;
}

Generations::Found Generations::read(std::uint64_t number) const {
  const fs::path file = path(number, manifest_kind);
  const Manifest manifest = parsed(file, [&] { return parse_manifest(text_of(read_file(file))); });
  if (manifest.files.size() != 1) throw InputError(file.string() + ": wanted one file of tensors");
  const Manifest::File& wanted = manifest.files[0];
  const fs::path tensors = folder_ / wanted.name;
  Found out{number, manifest.state, read_file(tensors)};
  if (out.tensors.size() != wanted.bytes)
    throw InputError(tensors.string() + ": wanted " + std::to_string(wanted.bytes) + " bytes, found " +
                     std::to_string(out.tensors.size()));
  if (crc32_of(out.tensors) != wanted.crc32)
    throw InputError(tensors.string() + ": its bytes differ from those that were written (crc32)");
  return out;
}

std::optional<Generations::Found> Generations::load(std::vector<std::string>& damages) {
  const std::vector<std::uint64_t> all = numbers();
  for (const std::uint64_t number : all) {
    try {
      Found found = read(number);
      whole_ = number;
      return found;
    } catch (const InputError& e) {
      damages.emplace_back(e.what());
    }
  }
  if (all.empty()) return std::nullopt;
  std::string text;
  for (const std::string& damage : damages) text += (text.empty() ? "" : "; ") + damage;
  throw InputError("every generation of the checkpoint is damaged: " + text);
}

void Generations::save(std::string_view state, std::string_view tensors) {
  std::error_code failure;
  fs::create_directories(folder_, failure);
  if (failure) throw Error(folder_.string() + ": cannot create this folder: " + failure.message());
  const std::vector<std::uint64_t> all = numbers();
  const std::uint64_t number = all.empty() ? 1 : all.front() + 1;
  const fs::path file = path(number, tensors_kind);
  try {
    write_atomically(file, tensors);
    write_atomically(
        path(number, manifest_kind),
        manifest_text({{{file.filename(), tensors.size(), crc32_of(tensors)}}, std::string(state)}));
  } catch (...) {
    fs::remove(file, failure);
    throw;
  }
  sweep(number);
  whole_ = number;
}

// Manifests are removed before their tensors: the next sweep removes what a kill in between leaves.
void Generations::sweep(std::uint64_t newest) const {
  std::vector<fs::path> old;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder_, ignored)) {
    const auto number = number_of(entry.path().filename());
    const bool unfinished = entry.path().extension() == unfinished_kind;
    if (number && (unfinished || (*number != newest && number != whole_))) old.push_back(entry.path());
  }
  std::ranges::sort(old, {}, [](const fs::path& file) { return file.extension() != manifest_kind; });
  for (const fs::path& file : old) fs::remove(file, ignored);
}

}  // namespace basin::storage
