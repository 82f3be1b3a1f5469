#include "basin/network/initializers.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <sstream>

#include "basin/network/fills.hpp"

namespace basin::nn {
namespace {

enum class Bias { zero, uniform };
using Fill = std::function<void(std::span<float>, const WeightShape&, const Initializer&, Stream&)>;

struct Entry {
  InitializerInfo info;
  Bias bias;
  Fill fill;
};

constexpr Range any_number{-unbounded, unbounded, true, true, -1, 1, Scale::linear, "a finite number"};
// Preserves the variance through a ReLU, which passes half of it.
const double relu_gain = std::sqrt(2.0);
const Knob gain{"gain", 1, &domain::positive};

// Weights with variance gain^2 / fan.
Entry scaled(const char* name, const char* title, Draw draw, double usual_gain, Fan usual_fan, Bias bias) {
  return {{name, title, {{"gain", usual_gain, &domain::positive}}, true},
          bias,
          [=](std::span<float> weight, const WeightShape& shape, const Initializer& self, Stream& random) {
            const double sd = self.knobs[0] / std::sqrt(shape.fan(self.fan.value_or(usual_fan)));
            std::ranges::generate(weight, [&] { return static_cast<float>(sd * standard(draw, random)); });
          }};
}

// Draws each weight with `draw(knobs, random)`, independent of the shape.
Entry each(const char* name, const char* title, std::vector<Knob> knobs,
           double (*draw)(const std::array<double, 3>&, Stream&)) {
  return {{name, title, std::move(knobs)},
          Bias::zero,
          [draw](std::span<float> weight, const WeightShape&, const Initializer& self, Stream& random) {
            std::ranges::generate(weight, [&] { return static_cast<float>(draw(self.knobs, random)); });
          }};
}

using Values = const std::array<double, 3>&;

// The list. kaiming_uniform with a = sqrt 5, PyTorch's default for a layer, has the variance 2 / (1 + 5) /
// fan_in.
const std::vector<Entry>& entries() {
  static const std::vector<Entry> all{
      scaled("default", "the framework's own", Draw::uniform, std::sqrt(1.0 / 3), Fan::in, Bias::uniform),
      scaled("glorot_uniform", "Keras's default", Draw::uniform, 1, Fan::average, Bias::zero),
      scaled("glorot_normal", "truncated at two deviations", Draw::truncated_normal, 1, Fan::average,
             Bias::zero),
      scaled("he_uniform", "for ReLU", Draw::uniform, relu_gain, Fan::in, Bias::zero),
      scaled("he_normal", "for ReLU, truncated at two deviations", Draw::truncated_normal, relu_gain, Fan::in,
             Bias::zero),
      scaled("lecun_uniform", "for SELU", Draw::uniform, 1, Fan::in, Bias::zero),
      scaled("lecun_normal", "for SELU, truncated at two deviations", Draw::truncated_normal, 1, Fan::in,
             Bias::zero),
      scaled("xavier_uniform", "PyTorch's Glorot", Draw::uniform, 1, Fan::average, Bias::uniform),
      scaled("xavier_normal", "PyTorch's Glorot", Draw::normal, 1, Fan::average, Bias::uniform),
      scaled("kaiming_uniform", "PyTorch's He, for ReLU", Draw::uniform, relu_gain, Fan::in, Bias::uniform),
      scaled("kaiming_normal", "PyTorch's He, for ReLU", Draw::normal, relu_gain, Fan::in, Bias::uniform),
      each("zeros", "no weight at all", {}, [](Values, Stream&) { return 0.0; }),
      each("ones", "every weight one", {}, [](Values, Stream&) { return 1.0; }),
      each("constant", "every weight the same", {{"value", 0.01, &any_number}},
           [](Values v, Stream&) { return v[0]; }),
      each("uniform", "between two bounds", {{"low", -0.05, &any_number}, {"high", 0.05, &any_number}},
           [](Values v, Stream& random) { return v[0] + (v[1] - v[0]) * random.uniform(); }),
      each("normal", "with that deviation", {{"sd", 0.05, &domain::positive}, {"mean", 0, &any_number}},
           [](Values v, Stream& random) { return v[1] + v[0] * standard(Draw::normal, random); }),
      each("truncated_normal", "redrawn beyond two deviations",
           {{"sd", 0.05, &domain::positive}, {"mean", 0, &any_number}},
           [](Values v, Stream& random) { return v[1] + v[0] * truncated_normal(random); }),
      {{"orthogonal", "rows of one length at right angles", {gain}},
       Bias::zero,
       [](auto weight, const auto& shape, const auto& self, auto& random) {
         fill_orthogonal(weight, shape, self.knobs[0], random);
       }},
      {{"sparse", "mostly zeros", {{"sparsity", 0.9, &domain::fraction}, {"sd", 0.01, &domain::positive}}},
       Bias::zero,
       [](auto weight, const auto& shape, const auto& self, auto& random) {
         fill_sparse(weight, shape, self.knobs[0], self.knobs[1], random);
       }},
      {{"identity", "outputs are inputs", {gain}},
       Bias::zero,
       [](auto weight, const auto& shape, const auto& self, auto&) {
         fill_identity(weight, shape, self.knobs[0]);
       }},
      {{"dirac", "PyTorch's name for the identity of a convolution", {}},
       Bias::zero,
       [](auto weight, const auto& shape, const auto&, auto&) { fill_identity(weight, shape, 1); }},
      {{"lsuv", "orthogonal, then scaled to outputs of variance 1", {}},
       Bias::zero,
       [](auto weight, const auto& shape, const auto&, auto& random) {
         fill_orthogonal(weight, shape, 1, random);
       }},
  };
  return all;
}

Initializer named(const std::string& name) {
  std::vector<std::string> known;
  const auto& infos = initializer_infos();
  for (std::size_t i = 0; i < infos.size(); ++i) {
    if (infos[i].name != name) {
      known.push_back(infos[i].name);
      continue;
    }
    Initializer out{.kind = i};
    for (std::size_t k = 0; k < infos[i].knobs.size(); ++k) out.knobs[k] = infos[i].knobs[k].initial;
    return out;
  }
  throw InputError(unknown("initializer", name, known));
}

double number(const std::string& what, const std::string& text) {
  const auto value = number_of(text);
  if (!value || !std::isfinite(*value)) throw InputError(what + ": '" + text + "' is not a number");
  return *value;
}

// Returns the gain that preserves the variance through an activation: PyTorch's calculate_gain.
double gain_of(const std::string& what, const std::string& text) {
  static const std::map<std::string, double> activations{
      {"linear", 1},       {"sigmoid", 1}, {"tanh", 5.0 / 3},
      {"relu", relu_gain}, {"selu", 0.75}, {"leaky_relu", std::sqrt(2 / (1 + 1e-4))}};
  const auto found = activations.find(text);
  return found != activations.end() ? found->second : number(what, text);
}

Fan fan_of(const std::string& what, const std::string& text) {
  if (text == "in") return Fan::in;
  if (text == "out") return Fan::out;
  if (text == "average") return Fan::average;
  throw InputError(what + ": '" + text + "' is not in, out or average");
}

void set(Initializer& initializer, const std::string& key, const std::string& text) {
  const InitializerInfo& info = initializer_infos()[initializer.kind];
  const std::string what = info.name + ": " + key;
  if (key == "bias") {
    initializer.bias = number(what, text);
  } else if (key == "fan" && info.has_fan) {
    initializer.fan = fan_of(what, text);
  } else {
    const std::size_t knob = knob_index(info.name, info.knobs, key);
    const double value = key == "gain" ? gain_of(what, text) : number(what, text);
    check_range(info.name, key, value, *info.knobs[knob].range);
    initializer.knobs[knob] = value;
  }
}

}  // namespace

const std::vector<InitializerInfo>& initializer_infos() {
  static const std::vector<InitializerInfo> all = [] {
    std::vector<InitializerInfo> out;
    for (const Entry& entry : entries()) out.push_back(entry.info);
    return out;
  }();
  return all;
}

void Initializer::fill_weight(std::span<float> weight, const WeightShape& shape, Stream& random) const {
  entries()[kind].fill(weight, shape, *this, random);
}

void Initializer::fill_bias(std::span<float> values, std::int64_t fan_in, Stream& random) const {
  if (bias || entries()[kind].bias == Bias::zero) {
    std::ranges::fill(values, static_cast<float>(bias.value_or(0)));
    return;
  }
  const double bound = 1 / std::sqrt(static_cast<double>(fan_in));
  std::ranges::generate(values, [&] { return static_cast<float>(bound * symmetric(random)); });
}

Initialization Initialization::parse(std::string_view text) {
  std::istringstream words{std::string(text)};
  std::string word;
  words >> word;
  Initialization out{.all = named(word)};
  while (words >> word) {
    const std::size_t equals = word.find('=');
    if (equals == word.npos)
      throw InputError(out.all.name() + ": '" + word +
                       "' is not SETTING=VALUE; write it like gain=2 or head=zeros");
    const std::string key = word.substr(0, equals), value = word.substr(equals + 1);
    if (key == "conv" || key == "linear" || key == "head")
      out.by_role[key] = named(value);
    else
      set(out.all, key, value);
  }
  return out;
}

const Initializer& Initialization::of(bool conv, bool head) const {
  for (const char* role : {head ? "head" : "", conv ? "conv" : "linear"})
    if (const auto found = by_role.find(role); found != by_role.end()) return found->second;
  return all;
}

}  // namespace basin::nn
