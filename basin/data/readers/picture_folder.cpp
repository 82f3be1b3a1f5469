#include "basin/data/readers/picture_folder.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <string_view>
#include <tuple>
#include <utility>

#include "basin/core/error.hpp"
#include "basin/core/names.hpp"
#include "basin/data/readers/detect.hpp"
#include "basin/storage/file.hpp"

namespace basin::data {
namespace fs = std::filesystem;
namespace {

using Classes = std::map<std::string, std::vector<fs::path>>;

bool is_hidden(const fs::path& path) { return path.filename().string().starts_with('.'); }

std::vector<fs::path> subfolders(const fs::path& folder) {
  std::vector<fs::path> out;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder))
    if (entry.is_directory() && !is_hidden(entry.path())) out.push_back(entry.path());
  std::ranges::sort(out);
  return out;
}

// Pictures that basin does not decode are named, for they would be missed without a word.
void refuse_other_pictures(const fs::path& file) {
  constexpr std::array<std::string_view, 7> others{".gif",  ".webp", ".bmp", ".tif",
                                                   ".tiff", ".heic", ".avif"};
  std::string suffix = file.extension().string();
  std::ranges::transform(suffix, suffix.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (std::ranges::find(others, suffix) != others.end())
    throw InputError(file.string() + ": wanted PNG or JPEG, found " + suffix);
}

std::vector<fs::path> pictures_in(const fs::path& folder) {
  std::vector<fs::path> out;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    if (is_hidden(entry.path()) || !entry.is_regular_file()) continue;
    refuse_other_pictures(entry.path());
    if (is_picture_name(entry.path())) out.push_back(entry.path());
  }
  if (out.empty())
    throw InputError(folder.string() + ": wanted PNG or JPEG pictures of this class, found none");
  std::ranges::sort(out);
  return out;
}

void add_classes(const fs::path& folder, Classes& classes) {
  for (const fs::path& subfolder : subfolders(folder)) {
    std::vector<fs::path>& files = classes[subfolder.filename().string()];
    for (fs::path& file : pictures_in(subfolder)) files.push_back(std::move(file));
  }
}

PictureFiles numbered(const Classes& classes, const std::vector<std::string>& names, const fs::path& folder) {
  PictureFiles out;
  for (const auto& [name, files] : classes) {
    const auto at = std::ranges::find(names, name);
    if (at == names.end()) throw InputError((folder / name).string() + ": " + unknown("class", name, names));
    out.files.insert(out.files.end(), files.begin(), files.end());
    out.labels.insert(out.labels.end(), files.size(), static_cast<std::int32_t>(at - names.begin()));
  }
  return out;
}

PictureFolder listed(const fs::path& folder) {
  Classes train, test;
  if (fs::is_directory(folder / "train")) {
    for (const char* part : {"train", "validation", "val"})
      if (fs::is_directory(folder / part)) add_classes(folder / part, train);
    if (fs::is_directory(folder / "test")) add_classes(folder / "test", test);
  } else {
    add_classes(folder, train);
  }
  PictureFolder out;
  for (const auto& [name, files] : train) out.classes.push_back(name);
  if (out.classes.size() < 2)
    throw InputError(folder.string() + ": wanted a subfolder for each of two classes or more, found " +
                     std::to_string(out.classes.size()));
  out.train = numbered(train, out.classes, folder / "train");
  out.test = numbered(test, out.classes, folder / "test");
  return out;
}

// Returns what `read` makes of the bytes of a file; names the file where it throws.
template <class Read>
auto read(const fs::path& file, const Read& of) {
  return storage::parsed(file, [&] { return of(storage::read_file(file)); });
}

}  // namespace

PictureFolder list_pictures(const fs::path& folder) {
  try {
    return listed(folder);
  } catch (const fs::filesystem_error& e) {
    throw InputError(e.path1().string() + ": cannot be read: " + e.code().message());
  }
}

PictureShape common_shape(std::span<const fs::path> files) {
  std::map<std::tuple<std::int64_t, std::int64_t>, std::size_t> sizes;
  PictureShape out{0, 0, 1};
  for (const fs::path& file : files) {
    const PictureShape shape = read(file, picture_shape);
    ++sizes[{shape.height, shape.width}];
    out.channels = std::max(out.channels, shape.channels);
  }
  std::size_t most = 0;
  for (const auto& [size, count] : sizes)
    if (count >= most) std::tie(out.height, out.width) = size, most = count;
  return out;
}

void read_pictures(std::span<const fs::path> files, const PictureShape& shape,
                   std::span<std::uint8_t> pixels) {
  if (pixels.size() != files.size() * shape.bytes())
    throw InputError("read_pictures: room for " + std::to_string(pixels.size()) + " bytes, but " +
                     std::to_string(files.size()) + " pictures of " + std::to_string(shape.bytes()));
  for (std::size_t i = 0; i < files.size(); ++i) {
    const Picture picture = resized(read(files[i], decode_picture), shape);
    std::ranges::copy(picture.pixels, pixels.begin() + static_cast<std::ptrdiff_t>(i * shape.bytes()));
  }
}

}  // namespace basin::data
