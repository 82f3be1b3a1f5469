// The space that a search explores: parameters with their ranges and scales.
#pragma once
#include <array>
#include <string>
#include <vector>

#include "basin/core/domain.hpp"
#include "basin/core/fields.hpp"

namespace basin {
constexpr auto names_of(Scale) { return std::array{"linear", "log", "complement_log"}; }
}  // namespace basin

namespace basin::search {

enum class Kind { real, integer, category };
constexpr auto names_of(Kind) { return std::array{"real", "integer", "category"}; }

struct Parameter {
  BASIN_RECORD(Parameter, "parameter")
  BASIN_FIELD(std::string, name, required, "lr, batch_size, adam.beta1") = {};
  BASIN_FIELD(Kind, kind, required, "real, integer or category") = Kind::real;
  BASIN_FIELD(double, low, plain, "the smallest value") = 0;
  BASIN_FIELD(double, high, plain, "the largest value; both ends belong to the range") = 1;
  BASIN_FIELD(Scale, scale, plain, "on which values are drawn and modelled") = Scale::linear;
  BASIN_FIELD(std::vector<std::string>, choices, unless_empty, "of a category; a point holds an index") = {};
  BASIN_FIELD(std::string, parent, plain, "the category that decides whether this is there; empty: it is") = {
  };
  BASIN_FIELD(std::string, when, plain, "the choice of the parent with which it is there") = {};
  bool operator==(const Parameter&) const = default;
};

// A category stands before the parameters that depend on it.
struct Space {
  BASIN_RECORD(Space, "space")
  BASIN_FIELD(std::vector<Parameter>, parameters, required, "at least one") = {};
  bool operator==(const Space&) const = default;
};

// One value for each parameter of a space, in their order: a number, the index of a choice, or NaN for a
// parameter that is not there.
using Point = std::vector<double>;

}  // namespace basin::search
