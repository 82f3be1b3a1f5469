// Parses an aggregate of knobs from text as people type it.
//
//   parse_settings<Augmentation>("flip 0.5, crop 4")     all other knobs keep their defaults; "none" keeps
//   all of them
#pragma once
#include <algorithm>

#include "basin/core/knobs.hpp"

namespace basin {

// Parses "NAME VALUE, NAME VALUE". Throws InputError for an unknown or repeated name, and for a value that is
// not a number or is outside its range.
template <class S>
S parse_settings(std::string_view text) {
  S settings;
  if (text == "none") return settings;
  std::vector<std::string> seen;
  for (const std::string& part : split_list(text)) {
    const std::string what = std::string(S::name) + " '" + part + "': ";
    const std::size_t end = part.find_first_of(" =:"), digits = part.find_first_not_of(" =:", end);
    const std::string name = part.substr(0, end);
    if (std::ranges::find(S::knob_names, name) == S::knob_names.end())
      no_such_knob(S::name, name, S::knob_names);
    if (std::ranges::find(seen, name) != seen.end()) throw InputError(what + name + " is given twice");
    seen.push_back(name);
    if (digits == part.npos) throw InputError(what + "a value is missing; write it like " + name + " 0.1");
    if (part.find_first_of("=:") < digits)
      throw InputError(what + "write it like " + name + " " + part.substr(digits));
    const auto value = number_of(std::string_view(part).substr(digits));
    if (!value) throw InputError(what + "'" + part.substr(digits) + "' is not a number");
    set_knob(settings, name, *value);
  }
  return settings;
}

}  // namespace basin
