#include "basin/search/cells.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "basin/search/unit.hpp"

namespace basin::search {

Cells::Cells(const Space& space, double levels) : space_(space), levels_(levels), count_(0) {
  Point point(space.parameters.size(), not_known);
  count_ = count_from(0, point);
}

double Cells::levels_of(const Parameter& p) const {
  if (p.kind == Kind::real) return levels_ == every_value ? unbounded : levels_;
  const double values = highest(p) - lowest(p) + 1;
  return p.kind == Kind::category ? values : std::min(values, levels_);
}

double Cells::value(const Parameter& p, std::uint64_t level) const {
  const double levels = levels_of(p), at = static_cast<double>(level);
  if (is_discrete(p) && levels == highest(p) - lowest(p) + 1) return lowest(p) + at;
  const double low = position_of(p, lowest(p)), high = position_of(p, highest(p));
  return value_at(p, levels == 1 ? (low + high) / 2 : low + (high - low) * at / (levels - 1));
}

bool Cells::is_parent(std::size_t parameter) const {
  const std::string& name = space_.parameters[parameter].name;
  return std::any_of(space_.parameters.begin() + static_cast<std::ptrdiff_t>(parameter),
                     space_.parameters.end(), [&](const Parameter& p) { return p.parent == name; });
}

// How many ways there are to go on from `parameter`, given the categories before it in `point`.
double Cells::count_from(std::size_t parameter, Point& point) const {
  if (parameter == space_.parameters.size()) return 1;
  if (!is_there(space_, point, parameter)) {
    point[parameter] = not_known;
    return count_from(parameter + 1, point);
  }
  const double levels = levels_of(space_.parameters[parameter]);
  if (!is_parent(parameter)) return levels * count_from(parameter + 1, point);
  double sum = 0;
  for (double level = 0; level < levels; ++level) {
    point[parameter] = level;
    sum += count_from(parameter + 1, point);
  }
  return sum;
}

Point Cells::at(std::uint64_t number) const {
  Point point(space_.parameters.size(), not_known);
  for (std::size_t i = 0; i < point.size(); ++i) {
    if (!is_there(space_, point, i)) continue;
    const Parameter& p = space_.parameters[i];
    const auto below = [&] { return static_cast<std::uint64_t>(count_from(i + 1, point)); };
    if (!is_parent(i)) {
      const std::uint64_t each = below();
      point[i] = value(p, number / each);
      number %= each;
      continue;
    }
    for (point[i] = 0; number >= below(); ++point[i]) number -= below();
  }
  return point;
}

std::uint64_t shuffled(std::uint64_t number, std::uint64_t count, std::uint64_t key) {
  const int half = std::max(1, (static_cast<int>(std::bit_width(count - 1)) + 1) / 2);
  const std::uint64_t mask = (std::uint64_t{1} << half) - 1;
  do {
    std::uint64_t left = number >> half, right = number & mask;
    for (std::uint64_t round = 0; round < 4; ++round) {
      left ^= philox(key, right, round)[0] & mask;
      std::swap(left, right);
    }
    number = left << half | right;
  } while (number >= count);
  return number;
}

Tried::Tried(std::span<const Observation> earlier) {
  points_.reserve(earlier.size());
  for (const Observation& o : earlier) points_.insert(o.point);
}

std::size_t Tried::Hash::operator()(const Point& point) const {
  std::uint64_t h = 0;
  for (const double value : point) {
    const double equal = std::isnan(value) ? not_known : value == 0 ? 0 : value;  // one pattern for equals
    h = (h ^ std::bit_cast<std::uint64_t>(equal)) * 0x9E3779B97F4A7C15ull;
    h ^= h >> 29;
  }
  return h;
}

bool Tried::Same::operator()(const Point& a, const Point& b) const { return same(a, b); }

}  // namespace basin::search
