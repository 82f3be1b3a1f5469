// A schedule in words: shapes one after the other, and shapes multiplied.
//
//   warmup 500, cosine                        500 steps up, then a cosine over what is left of the run
//   warmup 1ep, constant, linear 2ep          warmup, stable, decay: the one without a length takes what the others leave
//   drop 30ep * drop 60ep                     milestones: a tenth from epoch 30 on, a hundredth from epoch 60 on
//   step 10ep gamma=0.5                       values in the order of `basin list schedules`, or by name
//   cosine; momentum: linear from=0.9 to=1    a schedule for each of several knobs; the first is the rate's
//
// The first value of a part is its length in steps, or with "ep" in epochs, unless the shape has a span among its own
// knobs (step, drop, cyclic ...): then the first value is that, and its length is `length=...`.
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
// Every shape of schedules.hpp, in its order.
const std::vector<ShapeInfo>& schedule_shapes();

// How long a run is, in steps of the optimizer.
struct RunLength {
  std::int64_t total, per_epoch = 1;
};

class Schedule {
 public:
  // Throws InputError for an unknown shape or knob, a value outside its range, and two parts without a length.
  static Schedule parse(std::string_view text);

  // What the rate is multiplied by at `step`, from 0, of a run of `total` steps with so many in an epoch. Requires:
  // 0 <= step, 1 <= total, 1 <= steps_per_epoch. Throws InputError when the parts with a length are longer than the run.
  double factor(double step, double total, double steps_per_epoch) const;
  double factor(std::int64_t step, RunLength run) const {
    return factor(static_cast<double>(step), static_cast<double>(run.total),
                  static_cast<double>(run.per_epoch));
  }

  const std::string& text() const { return text_; }

 private:
  // A number, of steps or of epochs where the knob counts steps.
  struct Setting {
    double value = 0;
    bool epochs = false;
  };
  struct Shape {
    std::size_t kind;  // in schedule_shapes()
    std::array<Setting, 8> settings;
  };
  struct Part {
    std::vector<Shape> shapes;  // multiplied
    Setting length;             // 0 for what is left
  };
  static Shape parse_shape(std::string_view text, Setting& length);

  std::string text_;
  std::vector<Part> parts_;
};

// What one knob of an optimizer is multiplied by.
struct KnobSchedule {
  std::string knob;  // "lr", "weight_decay", "momentum"
  Schedule schedule;
};
// "SCHEDULE" or "KNOB: SCHEDULE" between semicolons; without a knob it is of "lr". Throws InputError as Schedule::parse
// does, and for a knob that is there twice.
std::vector<KnobSchedule> parse_schedules(std::string_view text);

}  // namespace basin
