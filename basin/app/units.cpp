#include "basin/app/units.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>

#include "basin/core/knobs.hpp"

namespace basin::app {

std::string bytes_text(std::int64_t bytes) {
  constexpr std::array units{"B", "kB", "MB", "GB", "TB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (value >= 999.5 && unit + 1 < units.size()) value /= 1000, ++unit;
  return unit == 0 || value >= 9.95 ? fmt::format("{:.0f} {}", value, units[unit])
                                    : fmt::format("{:.1f} {}", value, units[unit]);
}

std::string duration_text(double seconds) {
  if (!std::isfinite(seconds)) return "n/a";
  if (seconds < 9.95) return fmt::format("{:.1f} s", seconds);
  const auto whole = std::llround(seconds);
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} min", whole / 3600, whole % 3600 / 60);
}

std::string clock_text(double seconds) {
  if (!std::isfinite(seconds)) return "-:--";
  const auto whole = std::llround(seconds);
  if (whole < 3600) return fmt::format("{}:{:02}", whole / 60, whole % 60);
  return fmt::format("{}:{:02}:{:02}", whole / 3600, whole % 3600 / 60, whole % 60);
}

std::string grouped(std::int64_t value) {
  std::string out;
  const std::string digits = fmt::format("{}", value);
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const bool starts_group = i > 0 && digits[i - 1] != '-' && (digits.size() - i) % 3 == 0;
    if (starts_group) out += ',';
    out += digits[i];
  }
  return out;
}

std::string percent(double fraction) {
  return std::isfinite(fraction) ? fmt::format("{:.2f}", 100 * fraction) : "n/a";
}

std::string significant(double value) {
  if (!std::isfinite(value)) return "n/a";
  const bool large = std::abs(value) >= 1e4 && std::abs(value) < 1e12;
  return large ? grouped(std::llround(value)) : fmt::format("{:.4g}", value);
}

std::string setting_text(double value) {
  constexpr std::size_t short_text = 8;
  const std::string exact = text_of(value);
  return exact.size() <= short_text ? exact : text_of(*number_of(fmt::format("{:.4g}", value)));
}

}  // namespace basin::app
