#include "basin/optim/named_state.hpp"

#include <algorithm>

#include "basin/optim/archive.hpp"

namespace basin::optim {
namespace {

std::string quoted(const std::string& name) { return "'" + name + "'"; }

// Returns the chain of a group with all its knobs.
kernels::Chain chain_of(const NamedState::Group& group) {
  kernels::Chain chain = kernels::Chain::parse(group.chain, group.knobs);
  for (const Knob& knob : chain.rule.info().knobs)
    if (!group.knobs.contains(std::string(knob.name)))
      refuse("lacks the knob " + quoted(std::string(knob.name)) + " of " + chain.rule.info().name);
  return chain;
}

}  // namespace

// Reads and writes the private state of an optimizer.
class ByName {
 public:
  ByName(Optimizer& optimizer, const Names& names) : optimizer_(optimizer) {
    std::map<const void*, std::string> known;
    for (const auto& item : names) known[item.value().unsafeGetTensorImpl()] = item.key();
    for (std::size_t g = 0; g < groups().size(); ++g) {
      auto& here = names_.emplace_back();
      for (const torch::Tensor& parameter : groups()[g].params()) {
        const auto found = known.find(parameter.unsafeGetTensorImpl());
        if (found == known.end())
          throw InputError("parameter " + std::to_string(here.size()) + " of group " + std::to_string(g) +
                           " of the optimizer has no name among the " + std::to_string(names.size()) +
                           " given");
        here.push_back(found->second);
      }
    }
  }

  NamedState read() {
    NamedState out{.mode = optimizer_.mode_, .skipped = optimizer_.skipped_};
    for (std::size_t g = 0; g < groups().size(); ++g) {
      const kernels::Chain& chain = optimizer_.chain_of(g);
      out.groups.push_back(named_group(chain, names_[g]));
      for (std::size_t i = 0; i < names_[g].size(); ++i) {
        if (OptimizerParamState* const state = optimizer_.find_state(groups()[g].params()[i]))
          out.parameters.emplace(names_[g][i], parameter_of(optimizer_.view(*state, chain.rule), chain.rule));
      }
    }
    return out;
  }

  void write(const NamedState& state) {
    if (state.groups.size() != groups().size())
      refuse("has " + std::to_string(state.groups.size()) + " groups; this optimizer has " +
             std::to_string(groups().size()));
    Optimizer::Loaded loaded;
    loaded.mode = state.mode, loaded.skipped = state.skipped;
    std::size_t taken = 0;
    for (std::size_t g = 0; g < groups().size(); ++g) {
      check_names(state.groups[g].parameters, g);
      loaded.options.push_back(optimizer_.options_with(chain_of(state.groups[g]), g));
      const kernels::AnyRule rule = optimizer_.rule_of(*loaded.options.back());
      auto& states = loaded.states.emplace_back();
      for (std::size_t i = 0; i < names_[g].size(); ++i) {
        const auto found = state.parameters.find(names_[g][i]);
        states.push_back(found == state.parameters.end() ? nullptr
                                                         : state_of(*found, groups()[g].params()[i], rule));
        taken += found != state.parameters.end();
      }
    }
    if (taken != state.parameters.size()) refuse_stranger(state);
    optimizer_.accept(std::move(loaded));
  }

 private:
  std::vector<OptimizerParamGroup>& groups() { return optimizer_.param_groups(); }

  static NamedState::Parameter parameter_of(const StateView& seen, const kernels::AnyRule& rule) {
    NamedState::Parameter out{seen.taken, {seen.numbers.begin(), seen.numbers.end()}, {}};
    for (std::size_t i = 0; i < rule.slot_count(); ++i)
      if (seen.slots[i]->defined()) out.slots[std::string(rule.info().slots[i])] = *seen.slots[i];
    return out;
  }

  std::unique_ptr<OptimizerParamState> state_of(
      const std::pair<const std::string, NamedState::Parameter>& named, const torch::Tensor& parameter,
      const kernels::AnyRule& rule) {
    const auto& [name, from] = named;
    std::unique_ptr<OptimizerParamState> out = optimizer_.fresh_state(rule);
    if (!out) refuse("has a state of " + quoted(name) + ", and " + rule.info().name + " keeps none");
    StateView seen = optimizer_.view(*out, rule);
    if (from.numbers.size() != seen.numbers.size())
      refuse("has " + std::to_string(from.numbers.size()) + " numbers of " + quoted(name) + "; " +
             rule.info().name + " has " + std::to_string(seen.numbers.size()));
    std::ranges::copy(from.numbers, seen.numbers.begin());
    if (seen.count) *seen.count = from.step;
    for (const auto& [slot, tensor] : from.slots) {
      const auto& slots = rule.info().slots;
      const auto place = std::ranges::find(slots, slot);
      if (place == slots.end())
        refuse("has a slot " + quoted(slot) + " of " + quoted(name) + ", which " + rule.info().name +
               " does not have");
      const auto i = static_cast<std::size_t>(place - slots.begin());
      const SlotKind kind = slot_kind(rule, i);
      if (!fits(tensor, parameter, kind))
        refuse("has " + slot + " of " + quoted(name) + " " + misfit(tensor, parameter, kind));
      *seen.slots[i] = slot_like(parameter, kind).copy_(tensor);
    }
    return out;
  }

  void check_names(const std::vector<std::string>& theirs, std::size_t g) const {
    const auto in = [](const std::vector<std::string>& names) {
      return [&](const std::string& name) { return std::ranges::find(names, name) != names.end(); };
    };
    const std::string where = " in group " + std::to_string(g);
    if (const auto missing = std::ranges::find_if_not(names_[g], in(theirs)); missing != names_[g].end())
      refuse("lacks the parameter " + quoted(*missing) + where);
    if (const auto extra = std::ranges::find_if_not(theirs, in(names_[g])); extra != theirs.end())
      refuse("has a parameter " + quoted(*extra) + where + ", which this optimizer does not have");
    if (theirs.size() != names_[g].size()) refuse("has a parameter twice" + where);
  }

  [[noreturn]] void refuse_stranger(const NamedState& state) const {
    for (const auto& [name, unused] : state.parameters)
      if (std::ranges::none_of(
              names_, [&](const auto& group) { return std::ranges::find(group, name) != group.end(); }))
        refuse("has a state of " + quoted(name) + ", which this optimizer does not have");
    refuse("has a parameter in two groups");
  }

  Optimizer& optimizer_;
  std::vector<std::vector<std::string>> names_;  // of each parameter of each group
};

NamedState::Group named_group(const kernels::Chain& chain, std::vector<std::string> parameters) {
  NamedState::Group out{chain.text(), {}, std::move(parameters)};
  for (const Knob& knob : chain.rule.info().knobs)
    out.knobs[std::string(knob.name)] = chain.rule.get(knob.name);
  return out;
}

NamedState named_state(Optimizer& optimizer, const Names& names) { return ByName(optimizer, names).read(); }

void restore(Optimizer& optimizer, const NamedState& state, const Names& names) {
  const torch::NoGradGuard no_gradients;
  ByName(optimizer, names).write(state);
}

}  // namespace basin::optim
