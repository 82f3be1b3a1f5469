#include "basin/optim/torch_state.hpp"

#include <torch/types.h>

#include <algorithm>
#include <cmath>

#include "basin/optim/archive.hpp"

namespace basin::optim {
namespace {

const std::string step = "step", mu_product = "mu_product";

bool counts_steps(const std::string& name) { return name != "SGD"; }

SlotKind kind_of(const kernels::AnyRule& rule, const std::string& slot) {
  const auto& slots = rule.info().slots;
  return slot_kind(rule, static_cast<std::size_t>(std::ranges::find(slots, slot) - slots.begin()));
}

TorchState::Parameter spoken(const NamedState::Parameter& from, const std::string& name,
                             const torch::Tensor& parameter, const kernels::AnyRule& rule) {
  TorchState::Parameter out{{}, from.slots};
  for (auto& [slot, tensor] : out.slots) tensor = widened(tensor, parameter, kind_of(rule, slot));
  if (counts_steps(name)) out.numbers[step] = static_cast<double>(from.step);
  if (!from.numbers.empty()) out.numbers[mu_product] = from.numbers.front();
  return out;
}

// PyTorch's Adagrad has state before its first step, and relies on it.
TorchState::Parameter before_the_first_step(const torch::Tensor& parameter, const kernels::AnyRule& rule) {
  return {{{step, 0}}, {{"sum", slot_like(parameter).fill_(rule.initial(0))}}};
}

double taken(std::map<std::string, double>& numbers, const std::string& number,
             const std::string& parameter) {
  const auto node = numbers.extract(number);
  if (node.empty()) refuse("lacks " + number + " of '" + parameter + "'");
  return node.mapped();
}

Step whole(double steps, const std::string& parameter) {
  if (!(steps >= 0 && steps < 0x1p53) || steps != std::floor(steps))
    refuse("has " + text_of(steps) + " steps of '" + parameter + "'; wanted a whole number");
  return static_cast<Step>(steps);
}

// Returns a state with exactly the slots and numbers of the rule. `restore` reports what else does not fit.
NamedState::Parameter heard(const TorchState::Parameter& from, const std::string& parameter,
                            const std::string& name, const kernels::AnyRule& rule) {
  NamedState::Parameter out{1, {}, from.slots};  // any number of steps except 0, if they are not counted
  std::map<std::string, double> numbers = from.numbers;
  if (counts_steps(name)) out.step = whole(taken(numbers, step, parameter), parameter);
  if (rule.table().numbers > 0) out.numbers.push_back(taken(numbers, mu_product, parameter));
  if (!numbers.empty())
    refuse("has " + numbers.begin()->first + " of '" + parameter + "', which " + name + " does not have");
  for (const std::string_view slot : rule.info().slots)
    if (!from.slots.contains(std::string(slot)))
      refuse("lacks " + std::string(slot) + " of '" + parameter + "'");
  return out;
}

// Converts those of the rule, whose presence `heard` has checked.
void convert(NamedState::Parameter& state, const torch::Tensor& parameter, const kernels::AnyRule& rule) {
  for (const std::string_view slot : rule.info().slots) {
    torch::Tensor& tensor = state.slots.at(std::string(slot));
    const SlotKind kind = kind_of(rule, std::string(slot));
    if (!tensor.is_floating_point()) continue;
    if (kind.format == kernels::SlotFormat::native || tensor.sizes() != parameter.sizes())
      tensor = tensor.to(slot_type(parameter));
    else
      tensor = narrowed(tensor, parameter, kind);
  }
}

void check_strangers(const TorchState& state, const NamedState& known) {
  for (const auto& [parameter, unused] : state.parameters)
    if (!known.parameters.contains(parameter))
      refuse("has a state of '" + parameter + "', which is in none of its groups");
}

}  // namespace

TorchState torch_state(Optimizer& optimizer, const Names& names) {
  const torch::NoGradGuard no_gradients;
  const NamedState state = named_state(optimizer, names);
  TorchState out;
  for (std::size_t g = 0; g < state.groups.size(); ++g) {
    const kernels::AnyRule& rule = optimizer.rule(g);
    TorchClass theirs = torch_class(optimizer.chain(g));
    if (g > 0 && theirs.name != out.name)
      throw InputError("group 0 is " + out.name + " of torch.optim and group " + std::to_string(g) + " " +
                       theirs.name + "; an optimizer of PyTorch is one class");
    out.name = theirs.name;
    out.groups.push_back({std::move(theirs.options), state.groups[g].parameters});
    for (const std::string& parameter : state.groups[g].parameters) {
      const auto found = state.parameters.find(parameter);
      if (found != state.parameters.end())
        out.parameters[parameter] = spoken(found->second, out.name, names[parameter], rule);
      else if (out.name == "Adagrad")
        out.parameters[parameter] = before_the_first_step(names[parameter], rule);
    }
  }
  std::erase_if(out.parameters,
                [](const auto& p) { return p.second.numbers.empty() && p.second.slots.empty(); });
  return out;
}

void restore(Optimizer& optimizer, const TorchState& state, const Names& names) {
  const torch::NoGradGuard no_gradients;
  NamedState out{.skipped = optimizer.skipped()};
  const std::size_t groups = optimizer.param_groups().size();
  for (std::size_t g = 0; g < state.groups.size(); ++g) {
    const TorchState::Group& group = state.groups[g];
    // A superfluous group is refused below.
    const kernels::Chain chain =
        chain_of({state.name, group.options}, optimizer.chain(std::min(g, groups - 1)),
                 " in group " + std::to_string(g));
    out.groups.push_back(named_group(chain, group.parameters));
    for (const std::string& parameter : group.parameters) {
      const auto found = state.parameters.find(parameter);
      if (found == state.parameters.end()) continue;
      NamedState::Parameter& one = out.parameters[parameter] =
          heard(found->second, parameter, state.name, chain.rule);
      if (const torch::Tensor* own = names.find(parameter)) convert(one, *own, chain.rule);
    }
  }
  check_strangers(state, out);
  restore(optimizer, out, names);
}

}  // namespace basin::optim
