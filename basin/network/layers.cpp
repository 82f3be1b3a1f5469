#include "basin/network/layers.hpp"

#include <algorithm>
#include <functional>
#include <optional>

#include "basin/core/error.hpp"
#include "basin/core/names.hpp"

namespace basin::nn {
namespace {

void check_weights(const std::vector<Weight>& weights) {
  std::int64_t sum = 0;
  for (const Weight& weight : weights) {
    std::int64_t count = 1;
    for (const std::int64_t extent : weight.shape) count = product("weights", {count, extent});
    sum += count;
  }
  product("weights", {sum});
}

// Parses the layers inside a layer, for an input.
using Inside = std::function<std::vector<Layer>(const Shape&)>;

template <class L>
Layer parsed(Words& words, const Shape& in, const Inside& inside) {
  constexpr bool contains_layers = requires { L::contains_layers; };
  words.check_count(L::usage);
  if (contains_layers != static_cast<bool>(inside)) throw InputError("write it as " + std::string(L::usage));
  const L what = L::parse(words);
  words.check_taken(L::usage);
  Layer layer{.what = what, .in = in, .out = in};
  if constexpr (contains_layers) {
    layer.inside = inside(in);
    const Shape& after = layer.inside.back().out;
    layer.out = what.output(in, after);
    layer.weights = what.weights(in, after);
  } else {
    layer.out = what.output(in);
    if constexpr (requires { what.weights(in); }) layer.weights = what.weights(in);
  }
  check_weights(layer.weights);
  return layer;
}

struct Entry {
  LayerInfo info;
  Layer (*parse)(Words&, const Shape&, const Inside&);
};

const std::vector<Entry>& entries() {
  static const std::vector<Entry> all = [] {
    std::vector<Entry> out;
    layers::All::each([&]<class L> { out.push_back({{L::name, L::usage, L::title}, parsed<L>}); });
    return out;
  }();
  return all;
}

// Repetition is not a layer: it stands for copies of what is inside, each with weights of its own.
constexpr LayerInfo repeat{"repeat", "repeat N ( LAYERS )", "LAYERS, N times, each with its own weights"};

const Entry& entry_named(const std::string& name) {
  std::vector<std::string> names{std::string(repeat.name)};
  for (const Entry& entry : entries()) {
    if (entry.info.name == name) return entry;
    names.emplace_back(entry.info.name);
  }
  throw InputError(unknown("layer", name, names));
}

// Returns the parts of a list between the commas that are in no parentheses, trimmed.
std::vector<std::string_view> parts_of(std::string_view text) {
  std::vector<std::string_view> out;
  std::size_t begin = 0, open = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '(') ++open;
    if (text[i] == ')' && open-- == 0) throw InputError("layers: a ) has no ( before it");
    if (text[i] != ',' || open > 0) continue;
    out.push_back(trimmed(text.substr(begin, i - begin)));
    begin = i + 1;
  }
  if (open > 0) throw InputError("layers: a ( has no ) after it");
  out.push_back(trimmed(text.substr(begin)));
  return out;
}

// The words of a part, and the list in its parentheses.
struct Part {
  std::string_view words;
  std::optional<std::string_view> inside;
};

// Requires a part of `parts_of`.
Part part_of(std::string_view text) {
  const std::size_t open = text.find('(');
  if (open == text.npos) return {text, {}};
  std::size_t close = open, depth = 0;
  do {
    if (text[close] == '(') ++depth;
    if (text[close] == ')') --depth;
  } while (depth > 0 && ++close < text.size());
  if (close + 1 != text.size())
    throw InputError("layers: '" + std::string(text.substr(close + 1)) + "' follows a ); a comma is missing");
  return {trimmed(text.substr(0, open)), text.substr(open + 1, close - open - 1)};
}

// Far above any network that people train, and few enough that a short text cannot exhaust the memory.
constexpr std::size_t most_layers = 1000, deepest = 10;

class Parser {
 public:
  explicit Parser(std::int64_t outputs) : outputs_(outputs) {}

  // Returns at least one layer.
  std::vector<Layer> list(std::string_view text, const Shape& in, std::size_t depth) {
    if (depth > deepest) throw InputError("layers are nested more than " + std::to_string(deepest) + " deep");
    std::vector<Layer> out;
    std::size_t position = 0;
    for (const std::string_view text_of_part : parts_of(text)) {
      const Part part = part_of(text_of_part);
      const Shape input = out.empty() ? in : out.back().out;
      const std::string where = "layer " + std::to_string(++position), words(part.words);
      try {
        append(out, part, input, depth);
      } catch (const Misfit& e) {
        throw InputError(where + ": " + words + " over " + text_of(input) + ": " + e.what());
      } catch (const InputError& e) {
        throw InputError(where + ", '" + words + "': " + e.what());
      }
    }
    return out;
  }

 private:
  void append(std::vector<Layer>& out, const Part& part, const Shape& in, std::size_t depth) {
    Words words(part.words, outputs_);
    if (words.name() == repeat.name) return append_copies(out, words, part, in, depth);
    if (number_ == most_layers)
      throw InputError("a network has at most " + std::to_string(most_layers) + " layers");
    const std::size_t number = number_++;
    Inside inside;
    if (part.inside) inside = [&](const Shape& shape) { return list(*part.inside, shape, depth + 1); };
    out.push_back(entry_named(words.name()).parse(words, in, inside));
    out.back().number = number;
  }

  void append_copies(std::vector<Layer>& out, Words& words, const Part& part, Shape in, std::size_t depth) {
    words.check_count(repeat.usage);
    if (!part.inside) throw InputError("write it as " + std::string(repeat.usage));
    const std::int64_t copies = words.count("the number of copies");
    for (std::int64_t i = 0; i < copies; ++i) {
      for (Layer& layer : list(*part.inside, in, depth + 1)) out.push_back(std::move(layer));
      in = out.back().out;
    }
  }

  std::int64_t outputs_;
  std::size_t number_ = 0;  // of the next layer
};

void check_input(const Shape& in) {
  if (std::min({in.height, in.width, in.channels}) < 1)
    throw InputError("an input of " + std::to_string(in.height) + "x" + std::to_string(in.width) + "x" +
                     std::to_string(in.channels) + "; each of the three must be 1 or more");
  product("numbers in an input", {in.height, in.width, in.channels});
}

}  // namespace

std::string Layer::name() const {
  return std::visit(
      [&]<class L>(const L&) {
        if constexpr (requires { L::prefix; }) return std::string(L::prefix) + std::to_string(number);
        return std::string();
      },
      what);
}

bool Layer::may_be_head() const {
  return std::visit([]<class L>(const L&) { return requires { L::may_be_head; }; }, what);
}

std::vector<Layer> parse_layers(std::string_view text, const Shape& in, std::int64_t outputs) {
  check_input(in);
  return Parser(outputs).list(text, in, 0);
}

std::int64_t parameter_count(const Layer& layer) {
  std::int64_t sum = parameter_count(layer.inside);
  for (const Weight& weight : layer.weights) sum += weight.count();
  return sum;
}

std::int64_t parameter_count(const std::vector<Layer>& layers) {
  std::int64_t sum = 0;
  for (const Layer& layer : layers) sum += parameter_count(layer);
  return sum;
}

const std::vector<LayerInfo>& layer_infos() {
  static const std::vector<LayerInfo> all = [] {
    std::vector<LayerInfo> out;
    for (const Entry& entry : entries()) out.push_back(entry.info);
    out.push_back(repeat);
    return out;
  }();
  return all;
}

}  // namespace basin::nn
