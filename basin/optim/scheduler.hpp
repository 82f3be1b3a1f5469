// A schedule that drives any torch::optim::Optimizer, used like libtorch's schedulers.
//
//   Scheduler scheduler(optimizer, "warmup 500, cosine", {.total = 10'000});
//   for (...) { ...;  optimizer.step();  scheduler.step(); }
//
//   Scheduler scheduler(optimizer, "one_cycle; momentum: linear from=0.9 to=1",
//                       {.total = 20 * batches, .per_epoch = batches});
//
// Step     knob = its value when the scheduler was created x factor(steps so far), in every group whose rule
//          has it
// Memory   the number of steps, and one value per knob and group; the factors are a pure function of the
//          step, so a resumed run gets the same bits
// Departs  it multiplies nothing from step to step, as PyTorch does, which loses its place when schedulers
//          are nested; it is not a torch::optim::LRScheduler, whose step() counts one behind and which cannot
//          be saved
#pragma once
#include <torch/optim/optimizer.h>
#include <torch/optim/schedulers/lr_scheduler.h>
#include <torch/optim/schedulers/step_lr.h>
#if __has_include(<torch/optim/schedulers/reduce_on_plateau_scheduler.h>)
#include <torch/optim/schedulers/reduce_on_plateau_scheduler.h>
#define BASIN_TORCH_HAS_PLATEAU 1
#endif

#include <string_view>
#include <vector>

#include "basin/schedules/text.hpp"

namespace basin::optim {

// libtorch's own schedulers, which drive any optimizer of this library.
using torch::optim::LRScheduler, torch::optim::StepLR;
#ifdef BASIN_TORCH_HAS_PLATEAU
using torch::optim::ReduceLROnPlateauScheduler;  // since libtorch 2.0
#endif

class Scheduler {
 public:
  // Sets the values of the first step. A group that is added later starts from its values at that time.
  //
  // Requires  `optimizer` outlives this object
  // Throws    InputError for a schedule longer than the run, and for a knob that no group's rule has: every
  //           optimizer has "lr"; other knobs need basin::optim::Options
  Scheduler(torch::optim::Optimizer& optimizer, std::vector<KnobSchedule> schedules, RunLength run);
  Scheduler(torch::optim::Optimizer& optimizer, std::string_view schedules, RunLength run)
      : Scheduler(optimizer, parse_schedules(schedules), run) {}

  // Call after each step of the optimizer: sets the values of the next one.
  void step() { go_to(steps_ + 1); }
  // Sets the values of any step, counted from 0: a schedule has no memory.
  void go_to(std::int64_t step);
  std::int64_t steps() const { return steps_; }

  // Returns what a schedule multiplies: the value of a knob in a group before any factor; 0 if the group's
  // rule has no such knob. Throws InputError for a knob without a schedule.
  double base(std::string_view knob = "lr", std::size_t group = 0) const;
  // Sets the base for the first group, changes those of the others in proportion, and applies the resulting
  // values: for a callback that also lowers the rate. From a base of 0 there is no proportion, and the others
  // stay.
  void rebase(double value, std::string_view knob = "lr");

  // The whole state: a schedule itself stores nothing.
  struct State {
    std::string schedules;  // as text; must be the same when resuming
    std::int64_t steps = 0;
    std::vector<std::vector<double>> bases;  // of each schedule and group
  };
  State state() const;
  // Sets the values of that step. Throws InputError for the state of other schedules or of more groups;
  // nothing changes then.
  void resume(State state);

  void save(torch::serialize::OutputArchive& archive) const;
  // Also sets the values of that step. Throws InputError if the archive belongs to other schedules or to more
  // groups; nothing changes then.
  void load(torch::serialize::InputArchive& archive);

 private:
  struct Driven {
    KnobSchedule what;
    std::vector<double> bases;  // of each group
  };
  std::size_t index_of(std::string_view knob) const;  // in driven_
  void look_at_new_groups();
  std::string text() const;

  torch::optim::Optimizer& optimizer_;
  std::vector<Driven> driven_;
  RunLength run_;
  std::int64_t steps_ = 0;
};

}  // namespace basin::optim
