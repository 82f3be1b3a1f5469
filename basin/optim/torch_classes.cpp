#include "basin/optim/torch_classes.hpp"

#include <algorithm>
#include <set>

#include "basin/core/names.hpp"
#include "basin/optim/archive.hpp"

namespace basin::optim {
namespace {

using kernels::AnyLink, kernels::AnyRule, kernels::Chain;

const std::string maximize = "maximize", decoupled = "decoupled_weight_decay", decay = "weight_decay";

// Options that do not change any computed value.
constexpr std::string_view of_no_value[] = {"foreach", "fused", "capturable", "differentiable"};

struct Spelling {
  std::string_view rule, name;
  TorchOptions says;  // selects among the rules of a class
};

// A rule is written as in its first line, and a class is read as the first rule whose options match.
const std::vector<Spelling>& spellings() {
  static const std::vector<Spelling> all{
      {"sgd", "SGD", {{"momentum", 0.0}, {"nesterov", false}}},
      {"momentum", "SGD", {{"nesterov", false}}},
      {"nesterov", "SGD", {{"nesterov", true}, {"dampening", 0.0}}},
      {"rmsprop", "RMSprop", {{"centered", false}, {"momentum", 0.0}}},
      {"rmsprop_momentum", "RMSprop", {{"centered", false}}},
      {"rmsprop_centered", "RMSprop", {{"centered", true}, {"momentum", 0.0}}},
      {"rmsprop_centered_momentum", "RMSprop", {{"centered", true}}},
      {"adagrad", "Adagrad", {}},
      {"adamw", "AdamW", {{"amsgrad", false}}},
      {"amsgradw", "AdamW", {{"amsgrad", true}}},
      {"adam", "Adam", {{"amsgrad", false}, {decoupled, false}}},
      {"amsgrad", "Adam", {{"amsgrad", true}, {decoupled, false}}},
      {"adamw", "Adam", {{"amsgrad", false}, {decoupled, true}}},
      {"amsgradw", "Adam", {{"amsgrad", true}, {decoupled, true}}},
      {"nadam", "NAdam", {}},
      {"radam", "RAdam", {}},
      {"adamax", "Adamax", {}}};
  return all;
}

// For these, decoupled decay is not a separate rule.
bool decouples_by_link(const std::string& name) { return name == "NAdam" || name == "RAdam"; }

double number_of(const TorchOptions::mapped_type& option) {
  return std::visit([](auto value) { return static_cast<double>(value); }, option);
}

// An option that an older PyTorch does not have is off.
double number_of(const TorchOptions& options, const std::string& name) {
  const auto found = options.find(name);
  return found == options.end() ? 0 : number_of(found->second);
}

bool allows(const Spelling& spelling, const TorchOptions& options) {
  return std::ranges::all_of(spelling.says, [&](const auto& said) {
    return number_of(options, said.first) == number_of(said.second);
  });
}

std::vector<std::string> class_names() {
  std::vector<std::string> out;
  for (const Spelling& spelling : spellings())
    if (out.empty() || out.back() != spelling.name) out.emplace_back(spelling.name);
  return out;
}

void check_options(const TorchClass& theirs, const std::string& where) {
  std::set<std::string, std::less<>> known{maximize};
  known.insert(std::begin(of_no_value), std::end(of_no_value));
  if (decouples_by_link(theirs.name)) known.insert(decoupled);
  for (const Spelling& spelling : spellings()) {
    if (spelling.name != theirs.name) continue;
    for (const auto& [option, value] : spelling.says) known.insert(option);
    for (const Knob& knob : find_rule(spelling.rule).knobs) known.emplace(knob.name);
  }
  for (const auto& [option, value] : theirs.options)
    if (!known.contains(option))
      refuse("has an option '" + option + "', which " + theirs.name + " here does not have" + where);
}

AnyRule rule_of(const TorchClass& theirs, const std::string& where) {
  const auto found = std::ranges::find_if(spellings(), [&](const Spelling& spelling) {
    return spelling.name == theirs.name && allows(spelling, theirs.options);
  });
  if (found == spellings().end())
    refuse("asks for nesterov with dampening, which " + theirs.name + " does not have" + where);
  AnyRule rule = AnyRule::named(found->rule);
  for (const Knob& knob : rule.info().knobs) {
    const auto given = theirs.options.find(std::string(knob.name));
    if (given == theirs.options.end())
      refuse("lacks the option '" + std::string(knob.name) + "' of " + theirs.name + where);
    rule.set(knob.name, number_of(given->second));
  }
  return rule;
}

// Leaves no other link of that name.
void replace(std::vector<AnyLink>& links, const std::string& name, bool wanted) {
  std::erase_if(links, [&](const AnyLink& link) { return link.info().name == name; });
  if (wanted) links.insert(links.begin(), AnyLink::named(name));
}

[[noreturn]] void refuse_link(const AnyLink& link, const std::string& name) {
  throw InputError("torch.optim." + name + " has no option for the link " + link.info().name);
}

}  // namespace

TorchClass torch_class(const Chain& chain) {
  const AnyRule& rule = chain.rule;
  const auto found = std::ranges::find(spellings(), rule.info().name, &Spelling::rule);
  if (found == spellings().end())
    throw InputError("torch.optim has no known class for " + rule.info().name + "; known are " +
                     listed(class_names()));
  TorchClass out{std::string(found->name), found->says};
  for (const Knob& knob : rule.info().knobs) out.options[std::string(knob.name)] = rule.get(knob.name);
  bool climbs = false, decays = false;
  for (const AnyLink& link : chain.before) {
    if (link.info().name != maximize) refuse_link(link, out.name);
    climbs = !climbs;
  }
  for (const AnyLink& link : chain.after) {
    if (link.info().name != "decay" || !decouples_by_link(out.name) || decays || rule.get(decay) != 0)
      refuse_link(link, out.name);
    out.options[decay] = link.get("weight");
    decays = true;
  }
  out.options[maximize] = climbs;
  if (decouples_by_link(out.name)) out.options[decoupled] = decays;
  return out;
}

Chain chain_of(const TorchClass& theirs, const Chain& own, const std::string& where) {
  const std::vector<std::string> known = class_names();
  if (std::ranges::find(known, theirs.name) == known.end())
    refuse("is for " + theirs.name + ", which is not a known class; known are " + listed(known));
  check_options(theirs, where);
  Chain out = own;
  out.rule = rule_of(theirs, where);
  out.rule.store_slots(own.rule.slot_format());
  replace(out.before, maximize, number_of(theirs.options, maximize) != 0);
  if (decouples_by_link(theirs.name)) {
    const bool decays = number_of(theirs.options, decoupled) != 0;
    replace(out.after, "decay", decays);
    if (decays) out.after.front().set("weight", out.rule.get(decay)), out.rule.set(decay, 0);
  }
  return out;
}

}  // namespace basin::optim
