// A curve in a terminal: columns are equal ratios of x, rows are equal steps of y.
#pragma once
#include <cstddef>
#include <span>
#include <string>

namespace basin::cli {

struct PlotPoints {
  std::span<const double> x,
      y;  // of the same length, x positive and rising; a y that is not finite is left out
  char mark;
};

// Returns `points`, later ones on top, within [low, high], with a bar at `marked` and a line with the ends of
// x below.
std::string plot(std::span<const PlotPoints> points, double low, double high, double marked,
                 std::size_t width, std::size_t height);

}  // namespace basin::cli
