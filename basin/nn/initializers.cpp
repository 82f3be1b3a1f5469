#include "basin/nn/initializers.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "basin/core/error.hpp"
#include "basin/core/names.hpp"

namespace basin::nn {
namespace {

enum class Draw { uniform, normal, truncated_normal };
enum class Fan { in, average };
enum class Bias { zero, uniform };

// Weights of variance scale / fan.
struct Initializer {
  std::string_view name;
  Draw draw;
  double scale;
  Fan fan;
  Bias bias;
};

// kaiming_uniform with a = sqrt 5, PyTorch's default for a layer, has the variance 2 / (1 + 5) / fan_in.
constexpr std::array initializer_list{
    Initializer{"default", Draw::uniform, 1.0 / 3, Fan::in, Bias::uniform},
    Initializer{"glorot_uniform", Draw::uniform, 1, Fan::average, Bias::zero},
    Initializer{"glorot_normal", Draw::truncated_normal, 1, Fan::average, Bias::zero},
    Initializer{"he_uniform", Draw::uniform, 2, Fan::in, Bias::zero},
    Initializer{"he_normal", Draw::truncated_normal, 2, Fan::in, Bias::zero},
    Initializer{"xavier_uniform", Draw::uniform, 1, Fan::average, Bias::uniform},
    Initializer{"xavier_normal", Draw::normal, 1, Fan::average, Bias::uniform},
    Initializer{"kaiming_uniform", Draw::uniform, 2, Fan::in, Bias::uniform},
    Initializer{"kaiming_normal", Draw::normal, 2, Fan::in, Bias::uniform},
};

// The standard deviation of a standard normal that is cut at +-2: Keras divides by it to keep the variance.
constexpr double truncated_sd = 0.87962566103423978;

const Initializer& find(std::string_view name) {
  const auto found = std::ranges::find(initializer_list, name, &Initializer::name);
  if (found == initializer_list.end()) throw InputError(unknown("initializer", name, initializers()));
  return *found;
}

// Box & Muller; the other one of the pair is thrown away, so that nothing is kept between draws.
double normal(Stream& random) {
  const double radius = std::sqrt(-2 * std::log(1 - random.uniform()));
  return radius * std::cos(2 * std::numbers::pi * random.uniform());
}

double truncated_normal(Stream& random) {
  while (true) {
    const double z = normal(random);
    if (std::abs(z) <= 2) return z / truncated_sd;
  }
}

double symmetric(Stream& random) { return 2 * random.uniform() - 1; }

// One number of mean 0 and variance 1.
double standard(Draw draw, Stream& random) {
  switch (draw) {
    case Draw::uniform:
      return std::numbers::sqrt3 * symmetric(random);
    case Draw::normal:
      return normal(random);
    case Draw::truncated_normal:
      return truncated_normal(random);
  }
  throw Error("a draw that does not exist");
}

}  // namespace

std::vector<std::string> initializers() {
  std::vector<std::string> names;
  for (const Initializer& init : initializer_list) names.emplace_back(init.name);
  return names;
}

void check_initializer(std::string_view name) { find(name); }

void initialize_weight(std::string_view name, std::span<float> weight, std::int64_t fan_in,
                       std::int64_t fan_out, Stream& random) {
  const Initializer& init = find(name);
  const auto in = static_cast<double>(fan_in), out = static_cast<double>(fan_out);
  const double sd = std::sqrt(init.scale / (init.fan == Fan::in ? in : (in + out) / 2));
  std::ranges::generate(weight, [&] { return static_cast<float>(sd * standard(init.draw, random)); });
}

void initialize_bias(std::string_view name, std::span<float> bias, std::int64_t fan_in, Stream& random) {
  if (find(name).bias == Bias::zero) {
    std::ranges::fill(bias, 0.0f);
    return;
  }
  const double bound = 1 / std::sqrt(static_cast<double>(fan_in));
  std::ranges::generate(bias, [&] { return static_cast<float>(bound * symmetric(random)); });
}

}  // namespace basin::nn
