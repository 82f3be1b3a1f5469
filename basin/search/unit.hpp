// Where a value lies in its range, on the scale of its parameter.
//
// Position  of a real value: the value, its logarithm, or -log(1 - value). An integer lies in the middle of
//           an interval that reaches half a step to either side, and so does the index of a choice
// Unit      the positions of a parameter, mapped onto [0, 1]
#pragma once
#include <cstddef>

#include "basin/search/space.hpp"

namespace basin::search {

// Throws InputError for a space that cannot be searched: without parameters, with an empty range, with a
// range that its scale cannot hold, with a name given twice, with a parent that does not stand before its
// child or a choice that the parent does not have.
void check(const Space& space);

bool is_discrete(const Parameter& p);
double lowest(const Parameter& p);   // 0 for a category
double highest(const Parameter& p);  // the index of the last choice for a category

// The positions of a parameter, with the half step on either side.
struct Extent {
  double low, high;
  double length() const { return high - low; }
};
Extent extent(const Parameter& p);

double position_of(const Parameter& p, double value);
// Returns the value nearest to `position`, which may lie outside of the range.
double value_at(const Parameter& p, double position);

double to_unit(const Parameter& p, double value);
double from_unit(const Parameter& p, double unit);

// Whether parameter number `at` is there, given the values of those before it.
bool is_there(const Space& space, const Point& point, std::size_t at);
// Returns the point with NaN in the place of every parameter that is not there.
Point settled(const Space& space, Point point);
// Returns the settled point at one coordinate of the unit cube for each parameter.
Point from_unit(const Space& space, const std::vector<double>& unit);

// Whether two points are the same configuration: NaN equals NaN.
bool same(const Point& a, const Point& b);

}  // namespace basin::search
