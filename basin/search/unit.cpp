#include "basin/search/unit.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "basin/core/error.hpp"
#include "basin/core/knobs.hpp"
#include "basin/core/names.hpp"

namespace basin::search {
namespace {

constexpr double most_whole = 9007199254740992;  // every integer up to here is a double

double on_scale(Scale scale, double value) {
  switch (scale) {
    case Scale::log:
      return std::log(value);
    case Scale::complement_log:
      return -std::log1p(-value);
    default:
      return value;
  }
}

double off_scale(Scale scale, double position) {
  switch (scale) {
    case Scale::log:
      return std::exp(position);
    case Scale::complement_log:
      return -std::expm1(-position);
    default:
      return position;
  }
}

std::string range_text(const Parameter& p) { return text_of(p.low) + " to " + text_of(p.high); }

void check_range(const Parameter& p) {
  const std::string what = "parameter " + p.name + ": ";
  if (!std::isfinite(p.low) || !std::isfinite(p.high))
    throw InputError(what + "the range " + range_text(p) + " must end at finite numbers");
  if (!(p.low < p.high))
    throw InputError(what + "the range " + range_text(p) + " is empty; write the smaller value first");
  if (p.scale == Scale::log && p.low <= 0)
    throw InputError(what + "a log scale needs values above 0; the range is " + range_text(p));
  if (p.scale == Scale::complement_log && p.high >= 1)
    throw InputError(what + "a complement_log scale needs values below 1; the range is " + range_text(p));
}

void check_integer(const Parameter& p) {
  const std::string what = "parameter " + p.name + ": ";
  if (p.low != std::floor(p.low) || p.high != std::floor(p.high))
    throw InputError(what + "the range of an integer must end at whole numbers; it is " + range_text(p));
  if (std::max(std::abs(p.low), std::abs(p.high)) > most_whole)
    throw InputError(what + "integers lie within 2^53 of 0; the range is " + range_text(p));
  if (p.scale == Scale::complement_log)
    throw InputError(what + "the scale of an integer is linear or log, not complement_log");
}

void check_choices(const Parameter& p) {
  if (p.choices.empty()) throw InputError("parameter " + p.name + ": a category needs choices");
  for (auto choice = p.choices.begin(); choice != p.choices.end(); ++choice)
    if (std::find(p.choices.begin(), choice, *choice) != choice)
      throw InputError("parameter " + p.name + ": the choice '" + *choice + "' is given twice");
}

void check_condition(const Space& space, std::size_t at) {
  const Parameter& p = space.parameters[at];
  if (p.parent.empty()) return;
  std::vector<std::string> categories;
  for (std::size_t i = 0; i < at; ++i) {
    const Parameter& above = space.parameters[i];
    if (above.kind != Kind::category) continue;
    categories.push_back(above.name);
    if (above.name != p.parent) continue;
    if (std::ranges::find(above.choices, p.when) == above.choices.end())
      throw InputError("parameter " + p.name + ": " + p.parent + " has no choice '" + p.when + "'; " +
                       suggestion(p.when, above.choices));
    return;
  }
  throw InputError("parameter " + p.name + ": its parent '" + p.parent +
                   "' is not a category that stands before it; " + suggestion(p.parent, categories));
}

}  // namespace

void check(const Space& space) {
  if (space.parameters.empty()) throw InputError("a search needs at least one parameter");
  for (std::size_t i = 0; i < space.parameters.size(); ++i) {
    const Parameter& p = space.parameters[i];
    if (p.name.empty()) throw InputError("parameter " + std::to_string(i + 1) + " has no name");
    for (std::size_t other = 0; other < i; ++other)
      if (space.parameters[other].name == p.name) throw InputError("parameter " + p.name + " is given twice");
    if (p.kind == Kind::category)
      check_choices(p);
    else
      check_range(p);
    if (p.kind == Kind::integer) check_integer(p);
    check_condition(space, i);
  }
}

bool is_discrete(const Parameter& p) { return p.kind != Kind::real; }
double lowest(const Parameter& p) { return p.kind == Kind::category ? 0 : p.low; }
double highest(const Parameter& p) {
  return p.kind == Kind::category ? static_cast<double>(p.choices.size()) - 1 : p.high;
}

namespace {
Scale scale_of(const Parameter& p) { return p.kind == Kind::category ? Scale::linear : p.scale; }
}  // namespace

Extent extent(const Parameter& p) {
  const double half = is_discrete(p) ? 0.5 : 0;
  return {on_scale(scale_of(p), lowest(p) - half), on_scale(scale_of(p), highest(p) + half)};
}

double position_of(const Parameter& p, double value) { return on_scale(scale_of(p), value); }

double value_at(const Parameter& p, double position) {
  if (position <= position_of(p, lowest(p))) return lowest(p);  // the end itself, not exp(log(end))
  if (position >= position_of(p, highest(p))) return highest(p);
  const double value = off_scale(scale_of(p), position);
  return std::clamp(is_discrete(p) ? std::floor(value + 0.5) : value, lowest(p), highest(p));
}

double to_unit(const Parameter& p, double value) {
  const Extent e = extent(p);
  return (position_of(p, value) - e.low) / e.length();
}

double from_unit(const Parameter& p, double unit) {
  const Extent e = extent(p);
  return value_at(p, e.low + unit * e.length());
}

bool is_there(const Space& space, const Point& point, std::size_t at) {
  const Parameter& p = space.parameters[at];
  if (p.parent.empty()) return true;
  for (std::size_t i = 0; i < at; ++i) {
    const Parameter& above = space.parameters[i];
    if (above.name == p.parent)
      return !std::isnan(point[i]) && above.choices[static_cast<std::size_t>(point[i])] == p.when;
  }
  return false;
}

Point settled(const Space& space, Point point) {
  for (std::size_t i = 0; i < point.size(); ++i)
    if (!is_there(space, point, i)) point[i] = not_known;
  return point;
}

Point from_unit(const Space& space, const std::vector<double>& unit) {
  Point point(unit.size());
  for (std::size_t i = 0; i < unit.size(); ++i) point[i] = from_unit(space.parameters[i], unit[i]);
  return settled(space, std::move(point));
}

bool same(const Point& a, const Point& b) {
  return std::ranges::equal(a, b,
                            [](double x, double y) { return x == y || (std::isnan(x) && std::isnan(y)); });
}

}  // namespace basin::search
