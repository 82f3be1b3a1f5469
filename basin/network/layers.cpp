#include "basin/network/layers.hpp"

#include <algorithm>
#include <charconv>
#include <sstream>

#include "basin/core/error.hpp"
#include "basin/core/knobs.hpp"
#include "basin/core/names.hpp"

namespace basin::nn {
namespace {

using Words = std::vector<std::string>;

// Far above any layer that fits in memory, and small enough that their product does not overflow.
constexpr std::int64_t largest_units = 1'000'000, most_numbers = 1'000'000'000'000;

std::int64_t count(const std::string& word, const char* what) {
  std::int64_t value = 0;
  const char* const end = word.data() + word.size();
  const auto [stop, error] = std::from_chars(word.data(), end, value);
  if (error == std::errc{} && stop == end && value >= 1 && value <= largest_units) return value;
  throw InputError(std::string(what) + " '" + word + "' is not a whole number from 1 to 1000000");
}

// Throws InputError for more than a layer can have.
std::int64_t product(const char* what, std::initializer_list<std::int64_t> factors) {
  std::int64_t out = 1;
  for (const std::int64_t factor : factors)
    if (__builtin_mul_overflow(out, factor, &out) || out > most_numbers)
      throw InputError("it would have more than " + std::to_string(most_numbers) + " " + what);
  return out;
}

double probability(const std::string& word) {
  if (const auto value = number_of(word); value && *value >= 0 && *value < 1) return *value;
  throw InputError("the probability '" + word + "' is not a number in [0, 1)");
}

std::int64_t square_kernel(const std::string& word) {
  const auto x = word.find('x');
  if (x != std::string::npos && word.substr(0, x) == word.substr(x + 1))
    return count(word.substr(0, x), "the kernel's edge");
  throw InputError("the kernel '" + word + "' is not square; write it like 3x3");
}

std::string text_of(const Shape& s) {
  return std::to_string(s.height) + "x" + std::to_string(s.width) + "x" + std::to_string(s.channels);
}

void check_fits(std::int64_t window, const Shape& in) {
  if (window <= in.height && window <= in.width) return;
  throw InputError("a window of " + std::to_string(window) + "x" + std::to_string(window) +
                   " does not fit its input of " + text_of(in));
}

void conv(Layer& layer, const Words& words) {
  layer.units = count(words[1], "the number of channels");
  layer.kernel = square_kernel(words[2]);
  if (words.size() == 4 && words[3] != "same" && words[3] != "valid")
    throw InputError("unknown padding '" + words[3] + "'; it is same or valid");
  layer.same = words.size() == 4 && words[3] == "same";
  if (layer.same && layer.kernel % 2 == 0) throw InputError("same needs a kernel with an odd edge");
  if (!layer.same) check_fits(layer.kernel, layer.in);
  const std::int64_t lost = layer.same ? 0 : layer.kernel - 1;
  layer.out = {layer.in.height - lost, layer.in.width - lost, layer.units};
  const std::int64_t fan_in = product("weights", {layer.kernel, layer.kernel, layer.in.channels});
  layer.parameters = product("weights", {layer.units, fan_in + 1});
}

void linear(Layer& layer, const Words& words) {
  layer.units = count(words[1], "the number of units");
  if (layer.in.height != 1 || layer.in.width != 1)
    throw InputError("its input is an image of " + text_of(layer.in) + "; put flatten before it");
  layer.out.channels = layer.units;
  layer.parameters = product("weights", {layer.units, layer.in.channels + 1});
}

void norm(Layer& layer, const Words&) { layer.parameters = 2 * layer.in.channels; }

void group_norm(Layer& layer, const Words& words) {
  norm(layer, words);
  layer.units = count(words[1], "the number of groups");
  if (layer.in.channels % layer.units != 0)
    throw InputError(std::to_string(layer.in.channels) + " channels are not divisible into " + words[1] +
                     " groups");
}

void max_pool(Layer& layer, const Words& words) {
  layer.kernel = count(words[1], "the window's edge");
  check_fits(layer.kernel, layer.in);
  layer.out = {layer.in.height / layer.kernel, layer.in.width / layer.kernel, layer.in.channels};
}

void dropout(Layer& layer, const Words& words) { layer.probability = probability(words[1]); }
void flatten(Layer& layer, const Words&) {
  layer.out = {1, 1, product("features", {layer.in.height, layer.in.width, layer.in.channels})};
}
void activation(Layer&, const Words&) {}

struct Grammar {
  std::string name, usage;
  std::size_t fewest, most;  // number of words, including the name
  Kind kind;
  void (*read)(Layer&, const Words&);
};

const std::vector<Grammar>& grammar() {
  static const std::vector<Grammar> layers{
      {"conv", "conv CHANNELS KxK [same|valid]", 3, 4, Kind::conv, conv},
      {"linear", "linear UNITS", 2, 2, Kind::linear, linear},
      {"batch-norm", "batch-norm", 1, 1, Kind::batch_norm, norm},
      {"layer-norm", "layer-norm", 1, 1, Kind::layer_norm, norm},
      {"group-norm", "group-norm GROUPS", 2, 2, Kind::group_norm, group_norm},
      {"relu", "relu", 1, 1, Kind::relu, activation},
      {"tanh", "tanh", 1, 1, Kind::tanh, activation},
      {"sigmoid", "sigmoid", 1, 1, Kind::sigmoid, activation},
      {"max-pool", "max-pool K", 2, 2, Kind::max_pool, max_pool},
      {"dropout", "dropout P", 2, 2, Kind::dropout, dropout},
      {"flatten", "flatten", 1, 1, Kind::flatten, flatten},
  };
  return layers;
}

const Grammar& find(const std::string& name) {
  const auto found = std::ranges::find(grammar(), name, &Grammar::name);
  if (found != grammar().end()) return *found;
  Words names;
  for (const Grammar& g : grammar()) names.push_back(g.name);
  throw InputError(unknown("layer", name, names));
}

Layer parse_layer(const std::string& text, const Shape& in) {
  std::istringstream stream(text);
  Words words;
  for (std::string word; stream >> word;) words.push_back(word);
  if (words.empty()) throw InputError("it is empty");
  const Grammar& g = find(words[0]);
  if (words.size() < g.fewest || words.size() > g.most) throw InputError("write it as " + g.usage);
  Layer layer{.kind = g.kind, .in = in, .out = in};
  g.read(layer, words);
  return layer;
}

}  // namespace

std::string Layer::name() const {
  const char* const kind_of_weights = kind == Kind::conv ? "conv" : kind == Kind::linear ? "linear" : "norm";
  return kind_of_weights + std::to_string(number);
}

std::vector<Layer> parse_layers(std::string_view text, Shape in) {
  if (std::min({in.height, in.width, in.channels}) < 1)
    throw InputError("an input of " + text_of(in) + "; each of the three must be 1 or more");
  product("numbers in an input", {in.height, in.width, in.channels});
  std::vector<Layer> layers;
  for (const std::string& part : split_list(text)) {
    try {
      layers.push_back(parse_layer(part, layers.empty() ? in : layers.back().out));
      layers.back().number = layers.size() - 1;
    } catch (const InputError& e) {
      throw InputError("layer " + std::to_string(layers.size() + 1) + ", '" + part + "': " + e.what());
    }
  }
  return layers;
}

std::int64_t parameter_count(const std::vector<Layer>& layers) {
  std::int64_t sum = 0;
  for (const Layer& layer : layers) sum += layer.parameters;
  return sum;
}

}  // namespace basin::nn
