// The initial weights of a layer, as text. Independent of libtorch; drawn from counter-based randomness.
//
//   he_normal                            a name from `basin list initializers`
//   kaiming_normal gain=tanh fan=out     with settings; a gain is a number or an activation
//   orthogonal gain=1.4 bias=0.1         `bias` sets the initial value of every bias
//   he_normal head=zeros                 conv, linear and head (the last layer) may differ, at their defaults
//
// Value    most: mean 0 and variance gain^2 / fan, uniform or normal
// Source   Keras's names (glorot_*, he_*, lecun_*, truncated_normal ...): normals truncated at two standard
//          deviations, zero biases; PyTorch's names (default, xavier_*, kaiming_*): untruncated normals,
//          biases uniform in +-1/sqrt(fan_in)
#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "basin/core/knobs.hpp"
#include "basin/core/philox.hpp"

namespace basin::nn {

enum class Fan { in, out, average };

// The shape of a layer's weights: one row per output. `area` is that of a convolution's kernel, 1 for a
// linear layer.
struct WeightShape {
  std::int64_t outputs, inputs, area = 1;
  std::int64_t fan_in() const { return inputs * area; }
  std::int64_t fan_out() const { return outputs * area; }
  double fan(Fan which) const {
    const auto in = static_cast<double>(fan_in()), out = static_cast<double>(fan_out());
    return which == Fan::in ? in : which == Fan::out ? out : (in + out) / 2;
  }
};

struct InitializerInfo {
  std::string name, title;
  std::vector<Knob> knobs;
  bool has_fan = false;  // accepts fan=in|out|average
};
// Returns every initializer, in the order of the list.
const std::vector<InitializerInfo>& initializer_infos();

// One initializer with its settings.
struct Initializer {
  std::size_t kind = 0;  // in initializer_infos()
  std::array<double, 3> knobs{};
  std::optional<Fan> fan = {};
  std::optional<double> bias = {};

  const std::string& name() const { return initializer_infos()[kind].name; }
  // Fills the weight of one layer. Requires weight.size() == outputs * inputs * area.
  void fill_weight(std::span<float> weight, const WeightShape& shape, Stream& random) const;
  void fill_bias(std::span<float> bias, std::int64_t fan_in, Stream& random) const;
};

struct Initialization {
  Initializer all;
  std::map<std::string, Initializer> by_role;  // conv, linear, head
  // Throws InputError for an unknown name, setting or role, and for a value outside its range.
  static Initialization parse(std::string_view text);
  // Returns the initializer of a layer. The head is also a linear or convolutional layer.
  const Initializer& of(bool conv, bool head) const;
  // Returns whether `initialize` needs inputs.
  bool looks_at_examples() const { return all.name() == "lsuv"; }
};

}  // namespace basin::nn
