// The interface of a schedule: a factor for the rate, as a pure function of the step.
//
//   struct Cosine {
//     static constexpr std::string_view name = "cosine", title = "half a cosine wave from 1 to floor";
//     Fraction floor = 0;  BASIN_KNOBS(floor)
//     double at(double t, double length) const;          t: steps since it began, from 0; length: its number
//                                                        of steps
//   };
//
// Knobs that count steps have the type Span, so that a text may give them in epochs; `at` sees steps. Nothing
// is stored between steps: resuming, inspecting or drawing a run may ask for any step and gets the same
// number.
#pragma once
#include <cmath>
#include <concepts>
#include <string_view>

#include "basin/core/knobs.hpp"

namespace basin {

namespace schedules {
inline constexpr double pi = 3.14159265358979323846;
// Marks a default in epochs: a negative span counts epochs.
inline constexpr double per_epoch = -1;
}  // namespace schedules

template <class S>
concept ScheduleShape = requires(const S& shape, double t, double length) {
  { S::name } -> std::convertible_to<std::string_view>;
  { S::title } -> std::convertible_to<std::string_view>;
  { S::knob_names.size() } -> std::convertible_to<std::size_t>;
  { shape.at(t, length) } -> std::same_as<double>;
} && every_field_is_a_knob<S>;

}  // namespace basin
