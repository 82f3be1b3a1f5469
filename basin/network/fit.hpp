// What a layer accepts, and what to put before it where it does not fit.
#pragma once
#include <string>

#include "basin/core/error.hpp"
#include "basin/network/shape.hpp"

namespace basin::nn {

// Thrown by a layer that does not accept its input. The parser adds the layer and its input to the message:
// "layer 2: lstm 64 over an image of 28x28x1: put "rows" before it".
struct Misfit : InputError {
  using InputError::InputError;
};

// Each throws Misfit, which says what would turn `in` into what is wanted.
void require_numbers(const Shape& in);  // any form but tokens, sparse rows and categories
void require_image(const Shape& in);    // or features, an image of one pixel
void require_sequence(const Shape& in);
void require_features(const Shape& in);
void require_steps_or_features(const Shape& in);  // a sequence, or features

// Each throws InputError.
void check_window(std::int64_t edge, const Shape& in);  // fits the input
void check_divisible(std::int64_t channels, std::int64_t parts, const std::string& what);

}  // namespace basin::nn
