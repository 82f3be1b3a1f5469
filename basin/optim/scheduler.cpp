#include "basin/optim/scheduler.hpp"

#include <torch/serialize/archive.h>

#include <algorithm>

#include "basin/core/error.hpp"
#include "basin/optim/archive.hpp"
#include "basin/optim/state.hpp"

namespace basin::optim {
namespace {

using torch::optim::OptimizerOptions;

kernels::AnyRule& rule_of(OptimizerOptions& options, const std::string& knob) {
  if (auto* own = dynamic_cast<Options*>(&options)) return own->chain.rule;
  throw InputError(
      "schedule of " + knob +
      ": only lr can be scheduled with this optimizer's options; basin::optim::Optimizer has all knobs");
}

bool has(OptimizerOptions& options, const std::string& knob) {
  return knob == "lr" || std::ranges::any_of(rule_of(options, knob).info().knobs,
                                             [&](const Knob& known) { return known.name == knob; });
}

// Throws InputError if no group has the knob.
void check_known(std::vector<torch::optim::OptimizerParamGroup>& groups, const std::string& knob) {
  if (std::ranges::none_of(groups, [&](auto& group) { return has(group.options(), knob); }))
    rule_of(groups.at(0).options(), knob).get(knob);  // throws
}

double value_of(OptimizerOptions& options, const std::string& knob) {
  if (!has(options, knob)) return 0;
  return knob == "lr" ? options.get_lr() : rule_of(options, knob).get(knob);
}

void set_value(OptimizerOptions& options, const std::string& knob, double value) {
  if (!has(options, knob)) return;
  if (knob == "lr")
    options.set_lr(value);
  else
    rule_of(options, knob).set(knob, value);
}

}  // namespace

Scheduler::Scheduler(torch::optim::Optimizer& optimizer, std::vector<KnobSchedule> schedules, RunLength run)
    : optimizer_(optimizer), run_(run) {
  for (KnobSchedule& schedule : schedules) {
    check_known(optimizer.param_groups(), schedule.knob);
    driven_.push_back({std::move(schedule), {}});
  }
  go_to(0);
}

void Scheduler::look_at_new_groups() {
  auto& groups = optimizer_.param_groups();
  for (Driven& driven : driven_)
    for (std::size_t g = driven.bases.size(); g < groups.size(); ++g)
      driven.bases.push_back(value_of(groups[g].options(), driven.what.knob));
}

void Scheduler::go_to(std::int64_t step) {
  look_at_new_groups();
  auto& groups = optimizer_.param_groups();
  for (const Driven& driven : driven_) {
    const double factor = driven.what.schedule.factor(step, run_);
    for (std::size_t g = 0; g < groups.size(); ++g)
      set_value(groups[g].options(), driven.what.knob, driven.bases[g] * factor);
  }
  steps_ = step;
}

std::size_t Scheduler::index_of(std::string_view knob) const {
  for (std::size_t i = 0; i < driven_.size(); ++i)
    if (driven_[i].what.knob == knob) return i;
  throw InputError("there is no schedule of " + std::string(knob));
}

double Scheduler::base(std::string_view knob, std::size_t group) const {
  return driven_[index_of(knob)].bases.at(group);
}

void Scheduler::rebase(double value, std::string_view knob) {
  auto& bases = driven_[index_of(knob)].bases;
  const double proportion = bases.at(0) == 0 ? 1 : value / bases[0];
  for (double& base : bases) base *= proportion;
  bases[0] = value;
  go_to(steps_);
}

std::string Scheduler::text() const {
  std::string out;
  for (const Driven& driven : driven_)
    out += (out.empty() ? "" : "; ") + driven.what.knob + ": " + driven.what.schedule.text();
  return out;
}

void Scheduler::save(torch::serialize::OutputArchive& archive) const {
  archive.write("schedules", c10::IValue(text()));
  archive.write("steps", c10::IValue(steps_));
  for (const Driven& driven : driven_) archive.write("base_" + driven.what.knob, c10::IValue(driven.bases));
}

void Scheduler::load(torch::serialize::InputArchive& archive) {
  State loaded{read(archive, "schedules").toStringRef(), read(archive, "steps").toInt(), {}};
  if (loaded.schedules == text())
    for (const Driven& driven : driven_)
      loaded.bases.push_back(read(archive, "base_" + driven.what.knob).toDoubleVector());
  resume(std::move(loaded));
}

Scheduler::State Scheduler::state() const {
  State out{text(), steps_, {}};
  for (const Driven& driven : driven_) out.bases.push_back(driven.bases);
  return out;
}

void Scheduler::resume(State state) {
  if (state.schedules != text())
    refuse("is for the schedules '" + state.schedules + "'; these are '" + text() + "'");
  if (state.bases.size() != driven_.size() || state.steps < 0)
    refuse("has bases of " + std::to_string(state.bases.size()) + " schedules; there are " +
           std::to_string(driven_.size()));
  for (const auto& bases : state.bases)
    if (bases.size() > optimizer_.param_groups().size())
      refuse("is for " + std::to_string(bases.size()) + " parameter groups; there are " +
             std::to_string(optimizer_.param_groups().size()));
  for (std::size_t i = 0; i < driven_.size(); ++i) driven_[i].bases = std::move(state.bases[i]);
  go_to(state.steps);
}

}  // namespace basin::optim
