// torch::save and torch::load of an optimizer: its groups with every knob, and the state of every parameter in order.
#include <torch/serialize/archive.h>
#include <torch/types.h>

#include "basin/optim/optimizer.hpp"

namespace basin::optim {
namespace {

using torch::serialize::InputArchive;
using torch::serialize::OutputArchive;

[[noreturn]] void refuse(const std::string& what) { throw InputError("loaded optimizer state " + what); }

std::string counted(std::size_t n, const std::string& what) {
  return std::to_string(n) + " " + what + (n == 1 ? "" : "s");
}

c10::IValue read(InputArchive& archive, const std::string& key) {
  c10::IValue value;
  if (!archive.try_read(key, value)) refuse("lacks '" + key + "'; was it saved by basin?");
  return value;
}

InputArchive child(InputArchive& archive, const std::string& key) {
  InputArchive inner;
  if (!archive.try_read(key, inner)) refuse("lacks '" + key + "'; was it saved by basin?");
  return inner;
}

// A state that fits the parameter, or an exception.
void check_fits(const ParamState& state, const kernels::AnyRule& rule, const torch::Tensor& parameter,
                const std::string& where) {
  if (state.numbers.size() != rule.table().numbers) refuse("has another number of numbers for " + where);
  if (state.slots.size() != rule.slot_count())
    refuse("has " + counted(state.slots.size(), "slot") + " for " + where + "; " + rule.info().name +
           " has " + std::to_string(rule.slot_count()));
  for (std::size_t i = 0; i < state.slots.size(); ++i) {
    if (state.slots[i].sizes() == parameter.sizes() &&
        state.slots[i].scalar_type() == parameter.scalar_type())
      continue;
    std::ostringstream text;
    text << "has " << rule.info().slots[i] << " of shape " << state.slots[i].sizes() << " for " << where
         << ", whose shape is " << parameter.sizes() << ", or another type";
    refuse(text.str());
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
  if (name != own) refuse("is of " + name + "; this optimizer is " + own);
  kernels::Chain loaded = kernels::Chain::parse(read(archive, "chain").toStringRef());
  for (const Knob& knob : chain.rule.info().knobs)
    loaded.rule.set(knob.name, read(archive, std::string(knob.name)).toDouble());
  chain = loaded;
}

void ParamState::serialize(OutputArchive& archive) const {
  archive.write("step", c10::IValue(step));
  archive.write("numbers", c10::IValue(numbers));
  archive.write("slots", c10::IValue(static_cast<std::int64_t>(slots.size())));
  for (std::size_t i = 0; i < slots.size(); ++i) archive.write("slot" + std::to_string(i), slots[i], true);
}

void ParamState::serialize(InputArchive& archive) {
  step = read(archive, "step").toInt();
  numbers = read(archive, "numbers").toDoubleVector();
  slots.resize(static_cast<std::size_t>(read(archive, "slots").toInt()));
  for (std::size_t i = 0; i < slots.size(); ++i) archive.read("slot" + std::to_string(i), slots[i], true);
}

void Optimizer::save(OutputArchive& archive) const {
  archive.write("mode", c10::IValue(mode_ == Mode::eval ? "eval" : "train"));
  archive.write("groups", c10::IValue(static_cast<std::int64_t>(param_groups_.size())));
  for (std::size_t g = 0; g < param_groups_.size(); ++g) {
    OutputArchive group(archive.compilation_unit());
    param_groups_[g].options().serialize(group);
    const auto& parameters = param_groups_[g].params();
    group.write("parameters", c10::IValue(static_cast<std::int64_t>(parameters.size())));
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      const auto found = state_.find(key_of_parameter(parameters[i]));
      if (found == state_.end()) continue;
      OutputArchive state(archive.compilation_unit());
      found->second->serialize(state);
      group.write("state" + std::to_string(i), state);
    }
    archive.write("group" + std::to_string(g), group);
  }
}

void Optimizer::load(InputArchive& archive) {
  const auto groups = static_cast<std::size_t>(read(archive, "groups").toInt());
  if (groups != param_groups_.size())
    refuse("has " + counted(groups, "group") + "; this optimizer has " +
           std::to_string(param_groups_.size()));
  std::vector<Options> options;
  std::vector<std::pair<Key, std::unique_ptr<ParamState>>> states;
  for (std::size_t g = 0; g < groups; ++g) {
    InputArchive group = child(archive, "group" + std::to_string(g));
    options.push_back(static_cast<const Options&>(param_groups_[g].options()));
    options.back().serialize(group);
    const auto& parameters = param_groups_[g].params();
    const auto count = static_cast<std::size_t>(read(group, "parameters").toInt());
    if (count != parameters.size())
      refuse("has " + counted(count, "parameter") + " in group " + std::to_string(g) +
             "; this optimizer has " + std::to_string(parameters.size()));
    for (std::size_t i = 0; i < count; ++i) {
      InputArchive inner;
      if (!group.try_read("state" + std::to_string(i), inner)) continue;
      auto state = std::make_unique<ParamState>();
      state->serialize(inner);
      check_fits(*state, options.back().chain.rule, parameters[i],
                 "parameter " + std::to_string(i) + " of group " + std::to_string(g));
      states.emplace_back(key_of_parameter(parameters[i]), std::move(state));
    }
  }
  mode_ = read(archive, "mode").toStringRef() == "eval" ? Mode::eval : Mode::train;
  state_.clear();
  for (auto& [key, state] : states) state_[key] = std::move(state);
  for (std::size_t g = 0; g < groups; ++g) chain(g) = options[g].chain;
}

}  // namespace basin::optim
