// torch::save and torch::load for an optimizer: its groups with every knob, and the state of every parameter
// in order.
#include <torch/types.h>

#include "basin/optim/archive.hpp"
#include "basin/optim/optimizer.hpp"

namespace basin::optim {

using torch::serialize::InputArchive;
using torch::serialize::OutputArchive;

void refuse(const std::string& what) { throw InputError("loaded optimizer state " + what); }

c10::IValue read(InputArchive& archive, const std::string& key) {
  c10::IValue value;
  if (!archive.try_read(key, value)) refuse("lacks '" + key + "'; was it saved by another class?");
  return value;
}

InputArchive child(InputArchive& archive, const std::string& key) {
  InputArchive inner;
  if (!archive.try_read(key, inner)) refuse("lacks '" + key + "'; was it saved by another class?");
  return inner;
}

namespace {

std::string counted(std::size_t n, const std::string& what) {
  return std::to_string(n) + " " + what + (n == 1 ? "" : "s");
}

// Throws unless the state fits the parameter. Missing slots are created at the next step.
void check_fits(const StateView& state, const kernels::AnyRule& rule, const torch::Tensor& parameter,
                const std::string& where) {
  for (std::size_t i = 0; i < rule.slot_count(); ++i) {
    const torch::Tensor& slot = *state.slots[i];
    if (!slot.defined() || fits(slot, parameter, slot_kind(rule, i))) continue;
    refuse("has " + std::string(rule.info().slots[i]) + " of " + where + " " +
           misfit(slot, parameter, slot_kind(rule, i)));
  }
}

}  // namespace

void Options::serialize(OutputArchive& archive) const {
  const kernels::AnyRule& rule = chain.rule;
  archive.write("chain", c10::IValue(chain.text()));
  archive.write("rule", c10::IValue(rule.info().name));
  for (const Knob& knob : rule.info().knobs)
    archive.write(std::string(knob.name), c10::IValue(rule.get(knob.name)));
}

void Options::serialize(InputArchive& archive) {
  const std::string name = read(archive, "rule").toStringRef(), own = chain.rule.info().name;
  if (name != own) refuse("is for " + name + "; this optimizer is " + own);
  kernels::Chain loaded = kernels::Chain::parse(read(archive, "chain").toStringRef());
  for (const Knob& knob : chain.rule.info().knobs)
    loaded.rule.set(knob.name, read(archive, std::string(knob.name)).toDouble());
  chain = loaded;
}

void ParamState::serialize(OutputArchive& archive) const {
  archive.write("step", c10::IValue(step));
  archive.write("numbers", c10::IValue(numbers));
  archive.write("slots", c10::IValue(static_cast<std::int64_t>(slots.size())));
  for (std::size_t i = 0; i < slots.size(); ++i)
    if (slots[i].defined()) archive.write("slot" + std::to_string(i), slots[i], true);
}

void ParamState::serialize(InputArchive& archive) {
  step = read(archive, "step").toInt();
  numbers = read(archive, "numbers").toDoubleVector();
  slots.clear();
  for (std::int64_t i = 0, count = read(archive, "slots").toInt(); i < count; ++i)
    archive.try_read("slot" + std::to_string(i), slots.emplace_back(), true);
}

void Optimizer::save(OutputArchive& archive) const {
  archive.write("mode", c10::IValue(mode_ == Mode::eval ? "eval" : "train"));
  archive.write("skipped", c10::IValue(skipped_));
  archive.write("groups", c10::IValue(static_cast<std::int64_t>(param_groups_.size())));
  for (std::size_t g = 0; g < param_groups_.size(); ++g) {
    OutputArchive group(archive.compilation_unit());
    param_groups_[g].options().serialize(group);
    const auto& parameters = param_groups_[g].params();
    group.write("parameters", c10::IValue(static_cast<std::int64_t>(parameters.size())));
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      const OptimizerParamState* const own = find_state(parameters[i]);
      if (!own) continue;
      OutputArchive state(archive.compilation_unit());
      own->serialize(state);
      group.write("state" + std::to_string(i), state);
    }
    archive.write("group" + std::to_string(g), group);
  }
}

void Optimizer::load(InputArchive& archive) {
  Loaded loaded;
  const std::int64_t groups = read(archive, "groups").toInt();
  for (std::int64_t g = 0; g < groups; ++g) {
    InputArchive group = child(archive, "group" + std::to_string(g));
    // Options read only what belongs to their own rule.
    loaded.options.push_back(static_cast<std::size_t>(g) < param_groups_.size()
                                 ? param_groups_[static_cast<std::size_t>(g)].options().clone()
                                 : defaults_->clone());
    loaded.options.back()->serialize(group);
    auto& states = loaded.states.emplace_back();
    for (std::int64_t i = 0, count = read(group, "parameters").toInt(); i < count; ++i) {
      InputArchive inner;
      states.emplace_back();
      if (!group.try_read("state" + std::to_string(i), inner)) continue;
      auto state = std::make_unique<ParamState>();
      state->serialize(inner);
      states.back() = std::move(state);
    }
  }
  loaded.mode = read(archive, "mode").toStringRef() == "eval" ? Mode::eval : Mode::train;
  c10::IValue skipped;  // absent in older archives
  if (archive.try_read("skipped", skipped)) loaded.skipped = skipped.toInt();
  accept(std::move(loaded));
}

void Optimizer::accept(Loaded loaded) {
  const std::size_t groups = loaded.options.size();
  if (groups != param_groups_.size())
    refuse("has " + counted(groups, "group") + "; this optimizer has " +
           std::to_string(param_groups_.size()));
  for (std::size_t g = 0; g < groups; ++g) {
    const kernels::AnyRule rule = rule_of(*loaded.options[g]);
    const auto& parameters = param_groups_[g].params();
    const auto& states = loaded.states[g];
    if (states.size() != parameters.size())
      refuse("has " + counted(states.size(), "parameter") + " in group " + std::to_string(g) +
             "; this optimizer has " + std::to_string(parameters.size()));
    for (std::size_t i = 0; i < states.size(); ++i)
      if (states[i])
        check_fits(view(*states[i], rule), rule, parameters[i],
                   "parameter " + std::to_string(i) + " of group " + std::to_string(g));
  }
  mode_ = loaded.mode;
  skipped_ = loaded.skipped;
  state_.clear();
  for (std::size_t g = 0; g < groups; ++g) {
    param_groups_[g].set_options(std::move(loaded.options[g]));
    for (std::size_t i = 0; i < loaded.states[g].size(); ++i)
      if (loaded.states[g][i]) state_[key_of(param_groups_[g].params()[i])] = std::move(loaded.states[g][i]);
  }
  settled_ = 0;
  settle();
}

}  // namespace basin::optim
