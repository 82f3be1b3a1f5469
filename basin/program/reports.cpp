#include "basin/program/reports.hpp"

#include <array>
#include <cctype>
#include <charconv>
#include <limits>
#include <nlohmann/json.hpp>

#include "basin/core/names.hpp"

namespace basin::program {
namespace {

using Json = nlohmann::json;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

// JSON has no such numbers, but Python writes them. Outside of strings, null stands for them: what is not
// finite is not told apart.
std::string strict(std::string_view text) {
  constexpr std::array<std::string_view, 3> loose{"-Infinity", "Infinity", "NaN"};
  std::string out;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') in_string = !in_string;
    if (in_string && text[i] == '\\' && i + 1 < text.size()) out += text[i++];
    std::size_t skipped = 0;
    for (const std::string_view word : loose)
      if (!in_string && text.substr(i).starts_with(word)) skipped = word.size();
    out += skipped > 0 ? std::string("null") : std::string(1, text[i]);
    if (skipped > 0) i += skipped - 1;
  }
  return out;
}

void take(Report& report, const std::string& name, double value) {
  if (name == "epoch")
    report.epoch = value;
  else
    report.values[name] = value;
}

void read_json(std::string_view line, Report& report) {
  line = trimmed(line);
  if (!line.starts_with('{') || !line.ends_with('}')) return;
  const Json json = Json::parse(strict(line), nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return;
  for (const auto& [name, value] : json.items())
    if (value.is_number() || value.is_null()) take(report, name, value.is_null() ? nan : value.get<double>());
}

}  // namespace

std::optional<double> number_in(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::result_out_of_range && text.find("e-") != std::string_view::npos) return 0;
  if (error == std::errc::result_out_of_range) return std::numeric_limits<double>::infinity();
  if (error != std::errc() || (end != text.data() + text.size() && is_word(*end))) return std::nullopt;
  return value;
}

Reader::Reader(const Program& program) {
  for (const std::string& pattern : program.read) patterns_.emplace_back(pattern);
}

std::optional<Report> Reader::read(std::string_view line) const {
  Report report;
  read_json(line, report);
  for (const ReadPattern& pattern : patterns_)
    pattern.search(line, [&](const std::string& name, std::string_view text) {
      if (const auto value = number_in(text)) take(report, name, *value);
    });
  if (!report.epoch && report.values.empty()) return std::nullopt;
  return report;
}

}  // namespace basin::program
