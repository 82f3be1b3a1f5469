// How the weights of a layer start: one line a name. Independent of libtorch; drawn from counter-based randomness.
//
// Value    weights of mean 0 and variance scale / fan, uniform or normal; fan is fan_in or (fan_in + fan_out) / 2
// Source   Keras's names (glorot_*, he_*): normals cut at two standard deviations, zero biases;
//          PyTorch's names (default, xavier_*, kaiming_*): normals in full, biases uniform in +-1/sqrt(fan_in)
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "basin/core/philox.hpp"

namespace basin::nn {

// "default" (the framework's: kaiming_uniform with a = sqrt 5), "glorot_uniform", "he_normal", ...
std::vector<std::string> initializers();
// Throws InputError, "unknown initializer 'he_norml'; did you mean 'he_normal'?".
void check_initializer(std::string_view name);

// Fills the weight of one linear or convolutional layer. fan_in, fan_out: inputs and outputs of one unit,
// kernel area included.
void initialize_weight(std::string_view name, std::span<float> weight, std::int64_t fan_in,
                       std::int64_t fan_out, Stream& random);
// Fills its bias: zero, or uniform in +-1/sqrt(fan_in).
void initialize_bias(std::string_view name, std::span<float> bias, std::int64_t fan_in, Stream& random);

}  // namespace basin::nn
