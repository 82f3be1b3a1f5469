#include "basin/data/readers/detect.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <string>
#include <vector>

#include "basin/core/error.hpp"
#include "basin/core/names.hpp"
#include "basin/data/gzip.hpp"
#include "basin/data/readers/csv_column.hpp"
#include "basin/data/readers/csv_separator.hpp"
#include "basin/data/readers/foreign.hpp"
#include "basin/data/readers/place.hpp"
#include "basin/data/readers/utf8.hpp"
#include "basin/storage/file.hpp"

namespace basin::data {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t telling = 1u << 16, lines_to_look_at = 100;

[[noreturn]] void refuse(const fs::path& path, const std::string& looks_like) {
  throw InputError(
      path.string() + ": looks like " + looks_like +
      "; basin reads CSV, LIBSVM, NPY, NPZ, plain text, IDX, CIFAR, safetensors and folders of PNG "
      "and JPEG pictures by class");
}

std::string suffix_of(const fs::path& name) {
  std::string suffix = name.extension().string();
  std::ranges::transform(suffix, suffix.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return suffix;
}

bool is_idx(std::string_view begun) {
  return begun.size() >= 4 && begun[0] == 0 && begun[1] == 0 && begun[2] >= 8 && begun[2] <= 14 &&
         begun[3] >= 1 && begun[3] <= 8;
}

bool is_safetensors(std::string_view begun) {
  return begun.size() >= 10 && begun[4] == 0 && begun[5] == 0 && begun[6] == 0 && begun[7] == 0 &&
         begun[8] == '{' && begun[3] < 7;  // a header below 100 MB
}

// The first member of a zip archive: 30 bytes, then its name.
bool is_npz(const std::string& suffix, std::string_view begun) {
  if (!begun.starts_with("PK")) return false;
  if (suffix == ".npz") return true;
  if (begun.size() < 30) return false;
  const std::size_t length = static_cast<unsigned char>(begun[26]) | static_cast<unsigned char>(begun[27])
                                                                         << 8;
  return begun.substr(30, length).ends_with(".npy");
}

// CIFAR's files have no mark: their name tells, or a length that is a number of records.
bool is_cifar(const fs::path& name, std::size_t length) {
  return suffix_of(name) == ".bin" && length > 0 && (length % 3073 == 0 || length % 3074 == 0);
}

// Returns the complete lines at the beginning that are neither blank nor comments.
std::vector<std::string_view> lines_of(std::string_view text, std::size_t length) {
  std::vector<std::string_view> out;
  while (!text.empty() && out.size() < lines_to_look_at) {
    const std::size_t end = text.find('\n');
    if (end == text.npos && text.size() < length && !out.empty()) break;  // cut off
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!trimmed(line).empty() && !line.starts_with('#')) out.push_back(line);
  }
  return out;
}

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> out;
  for (const std::string_view word : pieces(line, ' '))
    if (!word.empty()) out.push_back(word);
  return out;
}

bool is_pair(std::string_view word) {
  const std::size_t colon = word.find(':');
  std::int64_t index;
  const auto [stop, error] = std::from_chars(word.data(), word.data() + std::min(colon, word.size()), index);
  return colon != word.npos && error == std::errc() && *stop == ':' && is_number(word.substr(colon + 1));
}

// A wrong line or two do not make a file something else: the reader of its kind names them.
bool most_of(std::size_t right, std::size_t lines) { return 10 * right >= 9 * lines; }

// A label, then pairs; at least one in all.
bool is_libsvm(const std::vector<std::string_view>& lines) {
  std::size_t right = 0, pairs = 0;
  for (const std::string_view line : lines) {
    const std::vector<std::string_view> words = words_of(line.substr(0, line.find('#')));
    const auto good = static_cast<std::size_t>(std::ranges::count_if(words, is_pair));
    right += !words.empty() && is_number(words[0]) && good + 1 == words.size();
    pairs += good;
  }
  return pairs > 0 && most_of(right, lines.size());
}

bool only_numbers(const std::vector<std::string_view>& words) {
  return std::ranges::all_of(words, [](std::string_view w) { return is_number(w) || is_missing(w); });
}

// A column of numbers, or rows that all have as many fields: three rows or more, and more than a comma in
// each, as prose may have.
bool is_table(std::string_view text, const std::vector<std::string_view>& lines) {
  if (lines.size() < 3) return false;
  const auto is_one_number = [](std::string_view line) {
    return is_number(line) || is_missing(trimmed(line));
  };
  if (std::ranges::all_of(lines.begin() + 1, lines.end(), is_one_number)) return true;
  const auto last = lines.back().data() + lines.back().size();
  const CsvShape shape = csv_shape(text.substr(0, static_cast<std::size_t>(last - text.data())));
  if (shape.fields < 2 || !most_of(shape.agreeing, shape.rows)) return false;
  if (shape.fields > 2) return true;
  return std::ranges::any_of(split(lines.back(), shape.separator),
                             [&](std::string_view field) { return is_number(field, shape.separator); });
}

DataKind kind_of_text(const fs::path& name, std::string_view text, std::size_t length) {
  const std::string suffix = suffix_of(name);
  if (suffix == ".csv" || suffix == ".tsv" || suffix == ".tab") return DataKind::csv;
  if (suffix == ".libsvm" || suffix == ".svm" || suffix == ".svmlight") return DataKind::libsvm;
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  const std::vector<std::string_view> lines = lines_of(text, length);
  if (is_libsvm(lines)) return DataKind::libsvm;
  if (is_table(text, lines)) return DataKind::csv;
  if (lines.size() >= 3 && std::ranges::all_of(lines, [](auto line) { return only_numbers(words_of(line)); }))
    refuse(name, "a table with blanks between the numbers; put commas there");
  return DataKind::text;
}

bool has_picture(const fs::path& folder) {
  return std::ranges::any_of(fs::directory_iterator(folder),
                             [](const auto& e) { return is_picture_name(e.path()); });
}

// Whether a subfolder has pictures, or, below train/ and test/, one of theirs.
bool has_classes(const fs::path& folder, int depth) {
  return std::ranges::any_of(fs::directory_iterator(folder), [&](const fs::directory_entry& e) {
    return e.is_directory() && (has_picture(e.path()) || (depth > 1 && has_classes(e.path(), depth - 1)));
  });
}

// A gzip file ends with the length of what its last member holds.
std::size_t inflated_length(const fs::path& path, std::size_t length) {
  std::size_t out = 0;
  const std::vector<std::uint8_t> end = storage::read_part(path, length < 4 ? 0 : length - 4, 4);
  for (std::size_t i = end.size(); i-- > 0;) out = out << 8 | end[i];
  return out;
}

DataKind kind_of_folder(const fs::path& folder) {
  bool any = false;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    any = true;
    if (name.find("-ubyte") != name.npos || name.find(".idx") != name.npos) return DataKind::idx;
    if (entry.is_regular_file() && is_cifar(entry.path(), entry.file_size())) return DataKind::cifar;
  }
  if (!any) refuse(folder, "an empty folder");
  if (has_classes(folder, 2)) return DataKind::pictures;
  refuse(folder, has_picture(folder) ? "a folder of pictures without a subfolder for each class"
                                     : "a folder without pictures");
}

}  // namespace

std::string_view name_of(DataKind kind) {
  constexpr std::array<std::string_view, 9> names{
      "CSV", "LIBSVM", "NPY", "NPZ", "plain text", "folder of pictures", "IDX", "CIFAR", "safetensors"};
  return names[static_cast<std::size_t>(kind)];
}

bool is_picture_name(const fs::path& name) {
  const std::string suffix = suffix_of(name);
  return suffix == ".png" || suffix == ".jpg" || suffix == ".jpeg";
}

DataKind detect(const fs::path& name, std::span<const std::uint8_t> beginning, std::size_t length) {
  const std::string_view begun = text_of(beginning);
  if (begun.starts_with("\x93NUMPY")) return DataKind::npy;
  if (is_npz(suffix_of(name), begun)) return DataKind::npz;
  if (is_idx(begun)) return DataKind::idx;
  if (is_safetensors(begun)) return DataKind::safetensors;
  if (is_cifar(name, length)) return DataKind::cifar;
  if (const std::string kind = foreign_kind(name, begun); !kind.empty()) refuse(name, kind);
  return kind_of_text(name, begun, length);
}

DataKind detect(const fs::path& path) {
  std::error_code none;
  try {
    if (fs::is_directory(path, none)) return kind_of_folder(path);
  } catch (const fs::filesystem_error& e) {
    throw InputError(path.string() + ": cannot be read: " + e.code().message());
  }
  const std::vector<std::uint8_t> file = storage::read_part(path, 0, telling);
  const std::size_t length = storage::size_of(path);
  if (!is_gzip(file)) return detect(path, file, length);
  try {
    return detect(fs::path(path).replace_extension(), inflated_beginning(file, telling),
                  inflated_length(path, length));
  } catch (const InputError& e) {
    throw InputError(path.string() + ": inside, " + e.what());
  }
}

}  // namespace basin::data
