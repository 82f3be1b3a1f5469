// A schedule as text: shapes in sequence, and products of shapes.
//
//   warmup 500, cosine                        500 steps up, then a cosine over the rest of the run
//   warmup 1ep, constant, linear 2ep          warmup, stable, decay: the part without a length takes the rest
//   drop 30ep * drop 60ep                     milestones: a tenth from epoch 30 on, a hundredth from epoch 60
//                                             on
//   step 10ep gamma=0.5                       values in the order of `basin list schedules`, or by name
//   cosine; momentum: linear from=0.9 to=1    schedules for several knobs; the first is for the rate
//
// The first value of a part is its length in steps, or with "ep" in epochs, unless the shape itself has a
// knob that is a span (step, drop, cyclic ...): then the first value is that knob, and the length is given as
// `length=...`.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "basin/core/knobs.hpp"

namespace basin {

struct ShapeInfo {
  std::string_view name, title;
  std::vector<Knob> knobs;
};
// Returns every shape of schedules.hpp, in order.
const std::vector<ShapeInfo>& schedule_shapes();

// The length of a run, in steps of the optimizer.
struct RunLength {
  std::int64_t total, per_epoch = 1;
};

class Schedule {
 public:
  // Throws InputError for an unknown shape or knob, for a value outside its range, and for two parts without
  // a length.
  static Schedule parse(std::string_view text);

  // Returns the factor at `step`, counted from 0, of a run of `total` steps.
  //
  // Requires  0 <= step, 1 <= total, 1 <= steps_per_epoch
  // Throws    InputError if the parts with a length are longer than the run
  double factor(double step, double total, double steps_per_epoch) const;
  double factor(std::int64_t step, RunLength run) const {
    return factor(static_cast<double>(step), static_cast<double>(run.total),
                  static_cast<double>(run.per_epoch));
  }

  const std::string& text() const { return text_; }

 private:
  // A number; steps, or epochs, if the knob counts steps.
  struct Setting {
    double value = 0;
    bool epochs = false;
  };
  struct Shape {
    std::size_t kind;  // in schedule_shapes()
    std::array<Setting, 8> settings;
  };
  struct Part {
    std::vector<Shape> shapes;  // their factors are multiplied
    Setting length;             // 0 means the rest
  };
  static Shape parse_shape(std::string_view text, Setting& length);

  std::string text_;
  std::vector<Part> parts_;
};

// The schedule of one knob of an optimizer.
struct KnobSchedule {
  std::string knob;  // "lr", "weight_decay", "momentum"
  Schedule schedule;
};
// Parses "SCHEDULE" or "KNOB: SCHEDULE", separated by semicolons; the default knob is "lr". Throws InputError
// as Schedule::parse does, and for a repeated knob.
std::vector<KnobSchedule> parse_schedules(std::string_view text);

}  // namespace basin
