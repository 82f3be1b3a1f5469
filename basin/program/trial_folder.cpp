#include "basin/program/trial_folder.hpp"

#include <cerrno>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "basin/core/error.hpp"
#include "basin/records/json.hpp"

namespace basin::program {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::json;

// A count is written as one: 3, not 3.0.
Json number(double value) {
  const bool whole = value == std::trunc(value) && std::abs(value) < 1e15;
  return whole ? Json(static_cast<std::int64_t>(value)) : Json(value);
}

}  // namespace

TrialFolder::TrialFolder(const std::string& weights, int number)
    : path_(
          (fs::absolute(weights).parent_path().parent_path() / "trials" / std::to_string(number)).string()) {
  std::error_code failure;
  fs::create_directories(path_, failure);
  if (failure) throw Error(path_ + ": " + failure.message());
}

void TrialFolder::write_config(const study::Configuration& config) const {
  Json values = Json::object();
  for (const auto& [name, value] : config.knobs) values[name] = number(value);
  for (const auto& [name, value] : config.values) values[name] = value;
  write("config.json", values.dump(1) + "\n", false);
}

std::vector<Point> TrialFolder::points() const {
  std::vector<Point> out;
  std::ifstream file(path_ + "/reports.jsonl");
  for (std::string line; std::getline(file, line);) {
    const Json json = Json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (json.is_discarded()) break;
    out.push_back(json.get<Point>());
  }
  return out;
}

void TrialFolder::write_points(const std::vector<Point>& points) const {
  std::string text;
  for (const Point& point : points) text += Json(point).dump() + "\n";
  write("reports.jsonl", text, false);
}

void TrialFolder::append(const Point& point) const {
  write("reports.jsonl", Json(point).dump() + "\n", true);
}

std::optional<Score> TrialFolder::test() const {
  std::ifstream file(path_ + "/test.json");
  const Json json = Json::parse(file, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return std::nullopt;
  Score out;
  for (const auto& [name, value] : json.items())
    out[name] = value.is_number() ? value.get<double>() : not_known;
  return out;
}

void TrialFolder::write_test(const Score& test) const { write("test.json", Json(test).dump() + "\n", false); }

void TrialFolder::write(const std::string& name, const std::string& text, bool append) const {
  std::ofstream file(path_ + "/" + name, append ? std::ios::app : std::ios::trunc);
  file << text << std::flush;
  if (!file) throw Error(path_ + "/" + name + ": " + std::strerror(errno));
}

}  // namespace basin::program
