// Functions with known minima, and the regret of a sampler on them.
#pragma once
#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>
#include <string>

#include "basin/search/suggest.hpp"

namespace basin::search {

struct Function {
  std::string name;
  Space space;
  double minimum;
  std::function<double(const Point&)> value;
};

inline Space box(std::size_t dimensions, double low, double high) {
  Space space;
  for (std::size_t i = 0; i < dimensions; ++i)
    space.parameters.push_back(
        {.name = std::string("x").append(std::to_string(i)), .low = low, .high = high});
  return space;
}

inline double branin_value(const Point& x) {
  using std::numbers::pi;
  const double a = x[1] - 5.1 / (4 * pi * pi) * x[0] * x[0] + 5 / pi * x[0] - 6;
  return a * a + 10 * (1 - 1 / (8 * pi)) * std::cos(x[0]) + 10;
}

inline Function branin() {
  Space space{{{.name = "x0", .low = -5, .high = 10}, {.name = "x1", .low = 0, .high = 15}}};
  return {"branin", space, 0.39788735772973816, branin_value};
}

inline double hartmann6_value(const Point& x) {
  static constexpr double alpha[] = {1, 1.2, 3, 3.2};
  static constexpr double a[4][6] = {
      {10, 3, 17, 3.5, 1.7, 8}, {.05, 10, 17, .1, 8, 14}, {3, 3.5, 1.7, 10, 17, 8}, {17, 8, .05, 10, .1, 14}};
  static constexpr double p[4][6] = {{.1312, .1696, .5569, .0124, .8283, .5886},
                                     {.2329, .4135, .8307, .3736, .1004, .9991},
                                     {.2348, .1451, .3522, .2883, .3047, .6650},
                                     {.4047, .8828, .8732, .5743, .1091, .0381}};
  double sum = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    double inner = 0;
    for (std::size_t j = 0; j < 6; ++j) inner += a[i][j] * (x[j] - p[i][j]) * (x[j] - p[i][j]);
    sum -= alpha[i] * std::exp(-inner);
  }
  return sum;
}

inline Function hartmann6() { return {"hartmann6", box(6, 0, 1), -3.3223680114155147, hartmann6_value}; }

inline Function sphere() {
  return {"sphere", box(10, -5, 5), 0, [](const Point& x) {
            double sum = 0;
            for (const double v : x) sum += v * v;
            return sum;
          }};
}

inline Function rosenbrock() {
  return {"rosenbrock", box(10, -5, 5), 0, [](const Point& x) {
            double sum = 0;
            for (std::size_t i = 0; i + 1 < x.size(); ++i)
              sum += 100 * std::pow(x[i + 1] - x[i] * x[i], 2) + std::pow(1 - x[i], 2);
            return sum;
          }};
}

// Returns the regret after every trial: the best value so far less the minimum.
inline std::vector<double> regrets(const Sampler& sampler, const Function& f, std::uint64_t seed,
                                   std::size_t trials) {
  std::vector<Observation> earlier;
  std::vector<double> out;
  for (std::size_t number = 0; number < trials; ++number) {
    const Point point = *suggest(sampler, f.space, earlier, seed, number);
    const double value = f.value(point);
    earlier.push_back({point, {value}});
    out.push_back(out.empty() ? value - f.minimum : std::min(out.back(), value - f.minimum));
  }
  return out;
}

}  // namespace basin::search
