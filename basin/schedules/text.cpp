#include "basin/schedules/text.hpp"

#include <algorithm>
#include <cmath>

#include "basin/schedules/schedules.hpp"

namespace basin {
namespace {

constexpr std::size_t most_knobs = 8;
using KnobArray = std::array<double, most_knobs>;

// A shape behind function pointers.
struct Shapes {
  std::vector<ShapeInfo> infos;
  std::vector<double (*)(const KnobArray&, double t, double length)> at;
};

template <class S>
double evaluate(const KnobArray& settings, double t, double length) {
  S shape;
  std::apply(
      [&](auto&... knob) {
        std::size_t i = 0;
        ((knob.value = settings[i++]), ...);
      },
      shape.knobs());
  return shape.at(t, length);
}

const Shapes& shapes() {
  static const Shapes all = [] {
    Shapes out;
    schedules::All::each([&]<class S>() {
      static_assert(S::knob_names.size() <= most_knobs);
      out.infos.push_back({S::name, S::title, knobs_of<S>()});
      out.at.push_back(&evaluate<S>);
    });
    return out;
  }();
  return all;
}

bool is_span(const Knob& knob) { return knob.range == &domain::span; }

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> out;
  for (const std::string_view word : split(text, ' '))
    if (!word.empty()) out.push_back(word);
  return out;
}

std::size_t kind_of(std::string_view name) {
  std::vector<std::string> known;
  for (std::size_t i = 0; i < shapes().infos.size(); ++i) {
    if (shapes().infos[i].name == name) return i;
    known.emplace_back(shapes().infos[i].name);
  }
  const std::size_t equals = std::min(name.find('='), name.size());
  if (const std::string shape(name.substr(0, equals)); std::ranges::find(known, shape) != known.end())
    throw InputError("schedule '" + std::string(name) + "': write it like " + shape + " " +
                     std::string(name.substr(std::min(equals + 1, name.size()))));
  throw InputError(unknown("schedule", name, known));
}

}  // namespace

const std::vector<ShapeInfo>& schedule_shapes() { return shapes().infos; }

Schedule::Shape Schedule::parse_shape(std::string_view text, Setting& length) {
  const auto words = words_of(text);
  if (words.empty()) throw InputError("a schedule has an empty part; write it like 'warmup 500, cosine'");
  Shape shape{kind_of(words[0]), {}};
  const ShapeInfo& info = shapes().infos[shape.kind];
  const std::string name(info.name);
  bool has_span = false;
  for (std::size_t i = 0; i < info.knobs.size(); ++i) {
    const double initial = info.knobs[i].initial;
    shape.settings[i] = {std::abs(initial), initial < 0};
    has_span |= is_span(info.knobs[i]);
  }
  const auto read = [&](std::string_view word, bool span) {
    Setting out;
    std::string_view digits = word;
    if (span && digits.ends_with("ep")) out.epochs = true, digits.remove_suffix(2);
    const auto value = number_of(digits);
    if (!value)
      throw InputError("schedule " + name + ": '" + std::string(word) + "' is not a number" +
                       (span ? " of steps, or of epochs as in 2ep" : ""));
    out.value = *value;
    return out;
  };
  const auto set_length = [&](std::string_view word) {
    length = read(word, true);
    if (!(length.value > 0)) throw InputError("schedule " + name + ": its length must be more than 0");
    // The first value is easily mistaken for a factor.
    if (!length.epochs && (length.value < 2 || length.value != std::floor(length.value)))
      throw InputError("schedule " + name + ": a length of " + std::string(word) +
                       " steps; it must be a whole number, 2 or more, or in epochs as in 2ep" +
                       (info.knobs.empty() ? std::string()
                                           : "; for a factor write " + std::string(info.knobs[0].name) + "=" +
                                                 std::string(word)));
  };
  const auto set = [&](std::size_t i, std::string_view word) {
    shape.settings[i] = read(word, is_span(info.knobs[i]));
    check_range("schedule " + name, info.knobs[i].name, shape.settings[i].value, *info.knobs[i].range);
  };
  std::size_t next = 0;
  bool first = true;
  for (const std::string_view word : std::span(words).subspan(1)) {
    const std::size_t equals = word.find('=');
    const std::string_view key = word.substr(0, equals);
    if (equals != word.npos && key == "length") {
      set_length(word.substr(equals + 1));
    } else if (equals != word.npos) {
      set(knob_index("schedule " + name, info.knobs, key), word.substr(equals + 1));
    } else if (first && !has_span) {
      set_length(word);
    } else {
      if (next == info.knobs.size())
        throw InputError("schedule " + name + ": '" + std::string(word) + "' is one value too many");
      set(next++, word);
    }
    first = false;
  }
  return shape;
}

Schedule Schedule::parse(std::string_view text) {
  Schedule out;
  out.text_ = text;
  int open = 0;
  for (const std::string_view part_text : split(text, ',')) {
    Part& part = out.parts_.emplace_back();
    for (const std::string_view factor : split(part_text, '*'))
      part.shapes.push_back(parse_shape(factor, part.length));
    open += part.length.value == 0;
  }
  if (open > 1)
    throw InputError("schedule '" + out.text_ + "' has " + std::to_string(open) +
                     " parts without a length; only one can take the rest");
  return out;
}

double Schedule::factor(double step, double total, double steps_per_epoch) const {
  const auto steps = [&](const Setting& s) { return s.epochs ? s.value * steps_per_epoch : s.value; };
  double given = 0;
  for (const Part& part : parts_) given += steps(part.length);
  const bool fills = std::ranges::any_of(parts_, [](const Part& part) { return part.length.value == 0; });
  if (fills && given >= total)
    throw InputError("schedule '" + text_ + "' leaves no steps of a run of " + text_of(total) +
                     " for its part without a length");
  double begin = 0;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const Part& part = parts_[i];
    const double length = part.length.value == 0 ? total - given : steps(part.length);
    // The last part continues beyond its end.
    if (step >= begin + length && i + 1 < parts_.size()) {
      begin += length;
      continue;
    }
    double product = 1;
    for (const Shape& shape : part.shapes) {
      KnobArray settings{};
      for (std::size_t k = 0; k < most_knobs; ++k) settings[k] = steps(shape.settings[k]);
      product *= shapes().at[shape.kind](settings, step - begin, length);
    }
    return product;
  }
  return 1;  // not reached: the last part takes every step
}

std::vector<KnobSchedule> parse_schedules(std::string_view text) {
  std::vector<KnobSchedule> out;
  for (std::string_view part : split(text, ';')) {
    std::string knob = "lr";
    if (const std::size_t colon = part.find(':'); colon != part.npos) {
      knob = trimmed(part.substr(0, colon));
      part = trimmed(part.substr(colon + 1));
    }
    if (std::ranges::find(out, knob, &KnobSchedule::knob) != out.end())
      throw InputError("schedule '" + std::string(text) + "' has two schedules of " + knob);
    out.push_back({std::move(knob), Schedule::parse(part)});
  }
  return out;
}

}  // namespace basin
