// Knobs: the hyper-parameters of a rule, reachable by name.
//
//   struct AdamW { Rate lr = 1e-3; Beta beta1 = 0.9;  BASIN_KNOBS(lr, beta1) };
//
// One line feeds the range checks, the command line, JSON, the search space and the documentation. If the
// line omits a field, the rule does not compile (`every_field_is_a_knob`).
#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

#include "basin/core/domain.hpp"
#include "basin/core/error.hpp"
#include "basin/core/names.hpp"

namespace basin {

// What is known about a knob without an instance of its rule.
struct Knob {
  std::string_view name;
  double initial;
  const Range* range;
};

// The shortest decimal text that reads back as the same double: 0.001, 1e-08.
std::string text_of(double value);
// Returns the number that `text` spells; nothing if any part of `text` is not a number, or if no double holds
// it.
std::optional<double> number_of(std::string_view text);

namespace detail {

template <std::size_t N>
constexpr std::array<std::string_view, N> split_names(std::string_view list) {
  std::array<std::string_view, N> names{};
  for (std::size_t i = 0; i < N; ++i) {
    const std::size_t comma = std::min(list.find(','), list.size());
    names[i] = list.substr(0, comma);
    list.remove_prefix(std::min(comma + 2, list.size()));  // the preprocessor writes "a, b"
  }
  return names;
}

constexpr std::size_t count_names(std::string_view list) {
  return list.empty() ? 0 : static_cast<std::size_t>(std::ranges::count(list, ',')) + 1;
}

}  // namespace detail

#define BASIN_KNOBS(...)                                                                      \
  static constexpr auto knob_names =                                                          \
      ::basin::detail::split_names<::basin::detail::count_names(#__VA_ARGS__)>(#__VA_ARGS__); \
  constexpr auto knobs() { return std::tie(__VA_ARGS__); }                                    \
  constexpr auto knobs() const { return std::tie(__VA_ARGS__); }

// For types without knobs.
#define BASIN_NO_KNOBS                                           \
  static constexpr std::array<std::string_view, 0> knob_names{}; \
  constexpr std::tuple<> knobs() { return {}; }                  \
  constexpr std::tuple<> knobs() const { return {}; }

// Every domain type is one double, so a rule whose size differs from that of its knobs has a field that is
// not a knob.
template <class R>
constexpr bool every_field_is_a_knob =
    R::knob_names.empty() ? std::is_empty_v<R> : sizeof(R) == R::knob_names.size() * sizeof(double);

// The names, defaults and ranges of R's knobs, in the order of its BASIN_KNOBS line.
template <class R>
std::vector<Knob> knobs_of() {
  static_assert(every_field_is_a_knob<R>, "a field of this rule is missing from its BASIN_KNOBS line");
  static const R defaults{};
  std::vector<Knob> out;
  std::apply(
      [&](const auto&... knob) {
        std::size_t i = 0;
        (out.push_back({R::knob_names[i++], knob.value, &knob.range}), ...);
      },
      defaults.knobs());
  return out;
}

// Throws InputError, "adamw: beta1 = 1 is outside its range; it must be in [0, 1)".
void check_range(std::string_view rule, std::string_view knob, double value, const Range& range);
// Throws InputError, "adamw has no knob 'wd'; ...".
[[noreturn]] void no_such_knob(std::string_view rule, std::string_view knob,
                               std::span<const std::string_view> known);

// Returns the index of `knob` in `knobs`. Throws InputError if it is not there.
std::size_t knob_index(std::string_view rule, std::span<const Knob> knobs, std::string_view knob);

// Returns the rule if every knob lies in its range; otherwise throws InputError.
template <class R>
const R& checked(const R& rule) {
  std::apply(
      [&](const auto&... knob) {
        std::size_t i = 0;
        (check_range(R::name, R::knob_names[i++], knob.value, knob.range), ...);
      },
      rule.knobs());
  return rule;
}

// Sets one knob by name. Throws InputError for an unknown name or a value outside the range; the rule is
// unchanged then.
template <class R>
void set_knob(R& rule, std::string_view name, double value) {
  bool found = false;
  std::apply(
      [&](auto&... knob) {
        std::size_t i = 0;
        const auto set = [&](auto& k) {
          if (R::knob_names[i++] != name) return;
          check_range(R::name, name, value, k.range);
          k.value = value;
          found = true;
        };
        (set(knob), ...);
      },
      rule.knobs());
  if (!found) no_such_knob(R::name, name, R::knob_names);
}

}  // namespace basin
