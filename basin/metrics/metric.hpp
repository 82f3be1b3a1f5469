// The interface of a metric: what a network is judged by.
//
//   struct Accuracy {
//     static constexpr Info info{.name = "accuracy", .title = "Accuracy", ...};
//     double right = 0, examples = 0;
//     auto parts() { return std::tie(right, examples); }  what is saved: each a double or a vector of doubles
//     void add(const Predictions& predictions);           shapes and classes were checked
//     double value() const;                               NaN where it is undefined
//     bool fits(std::int64_t width) const;                only with vectors: whether their lengths fit
//   };
//
// Sums are taken in double, example by example in order. The bits therefore do not depend on how the examples
// are cut into batches.
#pragma once
#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "basin/core/domain.hpp"  // unbounded

namespace basin::metrics {

// One logit tells two classes apart.
constexpr std::size_t class_count(std::int64_t width) {
  return width == 1 ? 2 : static_cast<std::size_t>(width);
}

// What a network said about some examples, and what is true.
struct Predictions {
  std::span<const float>
      outputs;             // rows x width, row-major: logits for classes, else values in the target's unit
  std::int64_t width = 1;  // with classes, 1 means a single logit: that of class 1 against class 0
  std::span<const std::int64_t>
      classes;  // one for each row, in [0, class_count(width)); empty where targets are values
  std::span<const float> values;  // rows x width; empty where targets are classes

  std::size_t rows() const { return outputs.size() / static_cast<std::size_t>(width); }
  std::span<const float> row(std::size_t i) const {
    return outputs.subspan(i * static_cast<std::size_t>(width), static_cast<std::size_t>(width));
  }
};

enum class Better { larger, smaller };
enum class Targets { classes, values };  // what a metric judges

inline constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

struct Info {
  std::string_view name;   // "accuracy": what people type and files hold
  std::string_view title;  // "Accuracy"
  std::string_view help;   // one line for `basin list metrics`
  Better better = Better::larger;
  Targets targets = Targets::classes;
  bool percent = false;        // shown as a percentage
  std::string_view unit = {};  // "bits"; empty for a plain number, or for the target's own unit
  double low = 0, high = 1;    // the possible values
};

// One metric while it gathers over the batches of a split.
class Gathering {
 public:
  virtual ~Gathering() = default;
  // Throws InputError for outputs of another width than before, targets of another kind than the metric
  // judges, spans of different lengths, and a class outside its range. Nothing is then added.
  virtual void add(const Predictions& predictions) = 0;
  // Returns the metric over everything added. NaN for no example, and where the metric is undefined.
  virtual double value() const = 0;
  // Returns what another gathering of the same metric resumes from, with the same bits.
  virtual std::vector<double> state() const = 0;
  // Throws InputError for a state of another shape, and then changes nothing.
  virtual void resume(std::span<const double> state) = 0;
};

template <class M>
concept Metric = requires(M metric, const M& gathered, const Predictions& predictions) {
  { M::info.name } -> std::convertible_to<std::string_view>;
  metric.parts();
  metric.add(predictions);
  { gathered.value() } -> std::same_as<double>;
};

}  // namespace basin::metrics
