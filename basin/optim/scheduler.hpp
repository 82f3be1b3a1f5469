// A schedule that drives an optimizer: libtorch's manner, for any torch::optim::Optimizer.
//
//   Scheduler scheduler(optimizer, "warmup 500, cosine", {.total = 10'000});
//   for (...) { ...;  optimizer.step();  scheduler.step(); }
//
//   Scheduler scheduler(optimizer, "one_cycle; momentum: linear from=0.9 to=1", {.total = 20 * batches, .per_epoch = batches});
//
// Step     knob = its value when the scheduler was made x factor(steps so far), for every parameter group whose rule has it
// Memory   the number of steps and a value for each knob and group; the factors are a pure function of the step, so that a run
//          that was resumed gets the same bits
// Departs  nothing is multiplied from step to step, as PyTorch does and so loses its place when schedulers are nested; it is
//          no torch::optim::LRScheduler, whose step() counts one behind and cannot be saved
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

// libtorch's own, which drive any optimizer of this library.
using torch::optim::LRScheduler, torch::optim::StepLR;
#ifdef BASIN_TORCH_HAS_PLATEAU
using torch::optim::ReduceLROnPlateauScheduler;  // since libtorch 2.0
#endif

class Scheduler {
 public:
  // Gives the optimizer the values of the first step. `optimizer` is used as long as this object lives; a group that is
  // added later starts from the values that it has then.
  // Throws InputError for a schedule that is longer than the run, and for a knob that no group's rule has: "lr" is known of
  // every optimizer, other knobs of those whose options are basin::optim::Options.
  Scheduler(torch::optim::Optimizer& optimizer, std::vector<KnobSchedule> schedules, RunLength run);
  Scheduler(torch::optim::Optimizer& optimizer, std::string_view schedules, RunLength run)
      : Scheduler(optimizer, parse_schedules(schedules), run) {}

  // After each step of the optimizer: the values of the next one.
  void step() { go_to(steps_ + 1); }
  // The values of any step, from 0: a schedule has no memory.
  void go_to(std::int64_t step);
  std::int64_t steps() const { return steps_; }

  // What a schedule multiplies: of a knob of a group, before any factor; 0 where the group's rule has no such knob. Throws
  // InputError for a knob without a schedule.
  double base(std::string_view knob = "lr", std::size_t group = 0) const;
  // Sets it for the first group, changes those of the others in proportion, and gives all the values that follow: for a
  // callback that lowers the rate besides. From a base of 0 there is no proportion, and the others stay.
  void rebase(double value, std::string_view knob = "lr");

  // All that is to be remembered: a schedule itself remembers nothing.
  struct State {
    std::string schedules;  // in words: what is resumed must be the same
    std::int64_t steps = 0;
    std::vector<std::vector<double>> bases;  // of each schedule, of each group
  };
  State state() const;
  // Gives the optimizer the values of that step. Throws InputError, and changes nothing, for the state of other schedules or of
  // more groups.
  void resume(State state);

  void save(torch::serialize::OutputArchive& archive) const;
  // And gives the optimizer the values of that step. Throws InputError, and changes nothing, when the archive is of other
  // schedules or of more groups.
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
