#include "basin/data/readers/foreign.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "basin/data/readers/utf8.hpp"

namespace basin::data {
namespace {

using Pair = std::pair<std::string_view, std::string_view>;

constexpr Pair marks[] = {
    // the first bytes, and what they say
    {"\x7f"
     "ELF",
     "a program"},
    {"MZ\x90", "a program"},
    {"#!", "a program (it begins with #!)"},
    {"%PDF", "a PDF file"},
    {"PK\x03\x04", "a zip archive; unpack it"},
    {"\xfd\x37zXZ", "an archive compressed by xz; unpack it"},
    {"BZh", "an archive compressed by bzip2; unpack it"},
    {"\x28\xb5\x2f\xfd", "an archive compressed by zstd; unpack it"},
    {"7z\xbc\xaf", "a 7z archive; unpack it"},
    {"Rar!", "a RAR archive; unpack it"},
    {"\x89PNG", "a single picture; name the folder that has a subfolder for each class"},
    {"\xff\xd8\xff", "a single picture; name the folder that has a subfolder for each class"},
    {"GIF8", "a GIF picture"},
    {"SQLite format 3", "an SQLite data base"},
    {"\x89HDF", "an HDF5 file"},
    {"PAR1", "a Parquet file; write it as CSV or NPY"},
    {"ARROW1", "an Arrow file; write it as CSV or NPY"},
    {"version https://git-lfs.github.com/", "a pointer of Git LFS; 'git lfs pull' fetches the file"},
};

constexpr std::array programs{".py",  ".cpp", ".hpp", ".cc", ".c",    ".h", ".cu", ".js",
                              ".ts",  ".sh",  ".rs",  ".go", ".java", ".r", ".jl", ".rb",
                              ".lua", ".sql", ".css", ".m",  ".so",   ".o"};
constexpr std::array settings{".toml", ".yaml", ".yml", ".ini", ".cfg", ".cmake"};
constexpr std::array documents{".xlsx", ".xls", ".ods", ".docx", ".doc", ".odt"};
constexpr std::array pages{".md", ".markdown", ".rst", ".tex"};

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

std::string by_name(const std::string& suffix) {
  const auto among = [&](const auto& list) { return std::ranges::find(list, suffix) != list.end(); };
  const std::string named = " (its name ends with " + suffix + ")";
  if (among(programs)) return "a program" + named;
  if (among(settings)) return "a file of settings" + named;
  if (among(pages)) return "a page to read" + named;
  if (suffix == ".json" || suffix == ".jsonl" || suffix == ".ipynb") return "JSON" + named;
  if (among(documents)) return "a document; save its table as CSV" + named;
  if (suffix == ".html" || suffix == ".htm") return "a web page" + named;
  if (suffix == ".pt" || suffix == ".pth" || suffix == ".pkl" || suffix == ".pickle")
    return "a pickle of Python, which runs code when it is read" + named;
  return "";
}

std::string_view without_blanks(std::string_view text) {
  return text.substr(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
}

bool is_json(std::string_view text) {
  if (!text.starts_with('{') && !text.starts_with('[')) return false;
  const std::string_view inside = without_blanks(text.substr(1));
  if (inside.empty()) return false;
  return text[0] == '{' ? inside[0] == '"' || inside[0] == '}'
                        : inside[0] == '{' || inside[0] == '[' || inside[0] == '"';
}

// Begins with a title, and has another title, a list or code further down.
bool is_markdown(std::string_view text) {
  if (!text.starts_with("# ")) return false;
  return std::ranges::any_of(std::array{"\n## ", "\n### ", "\n```", "\n- ", "\n* "},
                             [&](std::string_view mark) { return text.find(mark) != text.npos; });
}

std::string by_text(std::string_view text) {
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  text = without_blanks(text);
  const std::string begun = lower(std::string(text.substr(0, 64)));
  for (const std::string_view mark : {"<!doctype html", "<html", "<?xml", "<!--", "<svg", "<head", "<body"})
    if (begun.starts_with(mark)) return "a web page";
  if (begun.starts_with("@relation")) return "an ARFF file; write it as CSV";
  if (begun.starts_with("#include")) return "a program (it begins with #include)";
  if (is_json(text)) return "JSON";
  return is_markdown(text) ? "a page in Markdown" : "";
}

// The reader of such a file names the byte that it cannot take.
bool is_named_table(const std::filesystem::path& name) {
  constexpr std::array tables{".csv", ".tsv", ".tab", ".libsvm", ".svm", ".svmlight"};
  return std::ranges::find(tables, lower(name.extension().string())) != tables.end();
}

bool is_control(unsigned char c) {
  return c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != 0x1b;
}

}  // namespace

std::string foreign_kind(const std::filesystem::path& name, std::string_view beginning) {
  if (beginning.empty()) return "an empty file";
  if (const std::string kind = by_name(lower(name.extension().string())); !kind.empty()) return kind;
  for (const auto& [mark, kind] : marks)
    if (beginning.starts_with(mark)) return std::string(kind);
  if (beginning.size() > 262 && beginning.substr(257, 5) == "ustar") return "a tar archive; unpack it";
  if (beginning.starts_with("\xff\xfe") || beginning.starts_with("\xfe\xff"))
    return "text in UTF-16; save it as UTF-8";
  if (!is_named_table(name) && std::ranges::any_of(beginning, is_control))
    return "binary data of an unknown kind";
  return by_text(beginning);
}

}  // namespace basin::data
