// Quantities in readable form.
#pragma once
#include <cstdint>
#include <string>

namespace basin::app {

std::string bytes_text(std::int64_t bytes);  // "0 B", "1.7 MB"
std::string duration_text(double seconds);   // "4.2 s", "3 min 05 s", "2 h 10 min"
std::string clock_text(double seconds);      // "3:05", "2:10:00"
std::string grouped(std::int64_t value);     // "20,000"
std::string percent(double fraction);        // "89.12" for 0.8912; "n/a" if unknown
std::string significant(double value);       // four significant digits, or "49,210"; "n/a" if unknown

// Returns a setting for people: as it was typed if that is short, else four significant digits.
std::string setting_text(double value);

}  // namespace basin::app
