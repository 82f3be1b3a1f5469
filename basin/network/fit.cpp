#include "basin/network/fit.hpp"

#include <algorithm>

namespace basin::nn {
namespace {

[[noreturn]] void put(const char* layer) { throw Misfit("put \"" + std::string(layer) + "\" before it"); }

bool has_categories(const Shape& in) {
  return std::ranges::any_of(in.categories, [](std::int64_t count) { return count > 0; });
}

}  // namespace

void require_numbers(const Shape& in) {
  if (in.form == Shape::Form::tokens) put("embedding DIM");
  if (in.form == Shape::Form::sparse) put("sparse-linear UNITS");
  if (has_categories(in)) put("embed-columns DIM");
}

void require_image(const Shape& in) {
  require_numbers(in);
  if (in.form == Shape::Form::sequence) throw Misfit("it takes an image");
}

void require_sequence(const Shape& in) {
  require_numbers(in);
  if (in.form == Shape::Form::sequence) return;
  if (in.is_features()) throw Misfit("it takes a sequence");
  put("rows");
}

void require_steps_or_features(const Shape& in) {
  require_numbers(in);
  if (in.form != Shape::Form::sequence && !in.is_features()) put("flatten");
}

void require_features(const Shape& in) {
  require_steps_or_features(in);
  if (!in.is_features()) put("last");
}

void check_window(std::int64_t edge, const Shape& in) {
  const bool sequence = in.form == Shape::Form::sequence;
  if (edge <= in.height && (sequence || edge <= in.width)) return;
  const std::string text = std::to_string(edge);
  if (sequence) throw InputError("a window of " + text + " does not fit its input, " + text_of(in));
  throw InputError("a window of " + text + "x" + text + " does not fit its input of " +
                   std::to_string(in.height) + "x" + std::to_string(in.width) + "x" +
                   std::to_string(in.channels));
}

void check_divisible(std::int64_t channels, std::int64_t parts, const std::string& what) {
  if (channels % parts == 0) return;
  throw InputError(std::to_string(channels) + " channels are not divisible into " + std::to_string(parts) +
                   " " + what);
}

}  // namespace basin::nn
