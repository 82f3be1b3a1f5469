#include "basin/optim/torch_optim.hpp"

#include <torch/serialize/archive.h>

#include <algorithm>

#include "basin/optim/archive.hpp"
#include "basin/optim/torch_archive.hpp"
#include "basin/rules/momentum.hpp"
#include "basin/rules/nesterov.hpp"

namespace basin::optim {

using kernels::AnyRule;

// --- what the options say

AnyRule SgdDialect::rule(const Options& o) {
  if (o.nesterov()) {
    if (!(o.momentum() > 0) || o.dampening() != 0)
      throw InputError("sgd: nesterov needs momentum above 0 and dampening 0, not momentum = " +
                       text_of(o.momentum()) + " and dampening = " + text_of(o.dampening()));
    return AnyRule(rules::Nesterov{o.lr(), o.momentum(), o.weight_decay()});
  }
  if (o.momentum() == 0) return AnyRule(rules::Sgd{o.lr(), o.weight_decay()});
  return AnyRule(rules::Momentum{o.lr(), o.momentum(), o.dampening(), o.weight_decay()});
}

AnyRule AdagradDialect::rule(const Options& o) {
  return AnyRule(
      rules::Adagrad{o.lr(), o.lr_decay(), o.weight_decay(), o.initial_accumulator_value(), o.eps()});
}

AnyRule RmsPropDialect::rule(const Options& o) {
  const double lr = o.lr(), alpha = o.alpha(), eps = o.eps(), decay = o.weight_decay(), mu = o.momentum();
  if (o.centered() && mu != 0) return AnyRule(rules::RmsPropCenteredMomentum{lr, alpha, eps, decay, mu});
  if (o.centered()) return AnyRule(rules::RmsPropCentered{lr, alpha, eps, decay});
  if (mu != 0) return AnyRule(rules::RmsPropMomentum{lr, alpha, eps, decay, mu});
  return AnyRule(rules::RmsProp{lr, alpha, eps, decay});
}

template <class T, class O, class S, class Plain, class Amsgrad>
AnyRule AdamDialect<T, O, S, Plain, Amsgrad>::rule(const Options& o) {
  const auto& [beta1, beta2] = o.betas();
  if (o.amsgrad()) return AnyRule(Amsgrad{o.lr(), beta1, beta2, o.eps(), o.weight_decay()});
  return AnyRule(Plain{o.lr(), beta1, beta2, o.eps(), o.weight_decay()});
}

// --- options from basin's settings

torch::optim::SGDOptions SgdDialect::options(const Settings& s) {
  return Options(s.lr).weight_decay(s.weight_decay);
}

torch::optim::AdagradOptions AdagradDialect::options(const Settings& s) {
  return Options(s.lr)
      .lr_decay(s.lr_decay)
      .weight_decay(s.weight_decay)
      .initial_accumulator_value(s.initial_accumulator_value)
      .eps(s.eps);
}

torch::optim::RMSpropOptions RmsPropDialect::options(const Settings& s) {
  return Options(s.lr).alpha(s.alpha).eps(s.eps).weight_decay(s.weight_decay);
}

template <class T, class O, class S, class Plain, class Amsgrad>
O AdamDialect<T, O, S, Plain, Amsgrad>::options(const Settings& s) {
  return Options(s.lr).betas({s.beta1, s.beta2}).eps(s.eps).weight_decay(s.weight_decay);
}

// --- options from any rule that they can ask for

namespace {

// Returns 0 for a knob that the rule does not have: the options ask for another rule then.
double knob(const AnyRule& rule, std::string_view name) {
  const auto& knobs = rule.info().knobs;
  return std::ranges::find(knobs, name, &Knob::name) == knobs.end() ? 0 : rule.get(name);
}

}  // namespace

void SgdDialect::ask_for(Options& o, const AnyRule& rule) {
  o.lr(rule.lr()).momentum(knob(rule, "momentum")).dampening(knob(rule, "dampening"));
  o.weight_decay(knob(rule, "weight_decay")).nesterov(rule.info().name == "nesterov");
}

void AdagradDialect::ask_for(Options& o, const AnyRule& rule) {
  o.lr(rule.lr()).lr_decay(knob(rule, "lr_decay")).weight_decay(knob(rule, "weight_decay"));
  o.initial_accumulator_value(knob(rule, "initial_accumulator_value")).eps(knob(rule, "eps"));
}

void RmsPropDialect::ask_for(Options& o, const AnyRule& rule) {
  o.lr(rule.lr()).alpha(knob(rule, "alpha")).eps(knob(rule, "eps"));
  o.weight_decay(knob(rule, "weight_decay")).momentum(knob(rule, "momentum"));
  o.centered(rule.info().name.find("centered") != std::string::npos);
}

template <class T, class O, class S, class Plain, class Amsgrad>
void AdamDialect<T, O, S, Plain, Amsgrad>::ask_for(Options& o, const AnyRule& rule) {
  o.lr(rule.lr()).betas({knob(rule, "beta1"), knob(rule, "beta2")}).eps(knob(rule, "eps"));
  o.weight_decay(knob(rule, "weight_decay")).amsgrad(rule.info().name == Amsgrad::name);
}

// --- one adapter for all

namespace {

template <class Dialect>
const typename Dialect::Options& options_as(const OptimizerOptions& options) {
  if (const auto* own = dynamic_cast<const typename Dialect::Options*>(&options)) return *own;
  throw InputError("the options of a group are of another class; " + std::string(Dialect::name) +
                   " takes torch::optim::" + std::string(Dialect::name) + "Options");
}

// Returns options in which nothing has been set.
template <class Options>
Options untouched() {
  if constexpr (std::is_default_constructible_v<Options>)
    return {};
  else
    return Options(0);
}

}  // namespace

template <class Dialect>
LikeTorch<Dialect>::LikeTorch(Groups groups, Options defaults)
    : Optimizer(std::move(groups), std::make_unique<Options>(std::move(defaults))) {
  rule_of(*defaults_);
  settle();
}

template <class Dialect>
const kernels::Chain& LikeTorch<Dialect>::chain_of(std::size_t group) {
  const AnyRule rule = rule_of(param_groups_.at(group).options());
  if (chains_.size() <= group) chains_.resize(group + 1, kernels::Chain(rule));
  chains_[group].rule = rule;
  return chains_[group];
}

template <class Dialect>
AnyRule LikeTorch<Dialect>::rule_of(const OptimizerOptions& options) const {
  return Dialect::rule(options_as<Dialect>(options));
}

template <class Dialect>
void LikeTorch<Dialect>::adopt(OptimizerParamGroup& group) {
  const AnyRule rule = rule_of(group.options());
  if constexpr (Dialect::begins_with_state)
    for (const torch::Tensor& parameter : group.params()) {
      if (find_state(parameter)) continue;
      auto state = std::make_unique<typename Dialect::State>();
      for (std::size_t i = 0; i < rule.slot_count(); ++i)
        Dialect::slot(*state, rule.info().slots[i]) =
            filled_slot(parameter, slot_kind(rule, i), rule.initial(i));
      state->step(0);
      state_[key_of(parameter)] = std::move(state);
    }
}

template <class Dialect>
std::unique_ptr<OptimizerParamState> LikeTorch<Dialect>::fresh_state(const AnyRule& rule) const {
  if (rule.slot_count() == 0) return nullptr;
  return std::make_unique<typename Dialect::State>();
}

template <class Dialect>
StateView LikeTorch<Dialect>::view(OptimizerParamState& state, const AnyRule& rule) const {
  if (typeid(state) != typeid(typename Dialect::State))
    throw InputError("the state of a parameter is of another class; " + std::string(Dialect::name) +
                     " keeps torch::optim::" + std::string(Dialect::name) + "ParamState");
  auto& own = static_cast<typename Dialect::State&>(state);
  StateView seen;
  for (std::size_t i = 0; i < rule.slot_count(); ++i)
    seen.slots[i] = &Dialect::slot(own, rule.info().slots[i]);
  if constexpr (requires { own.step(); })
    seen.taken = *(seen.count = &own.step());
  else
    seen.taken =
        seen.slots[0] && seen.slots[0]->defined();  // the rule only asks whether this is the first step
  return seen;
}

template <class Dialect>
std::unique_ptr<OptimizerOptions> LikeTorch<Dialect>::options_with(const kernels::Chain& chain,
                                                                   std::size_t) const {
  auto out = std::make_unique<Options>(untouched<Options>());
  Dialect::ask_for(*out, chain.rule);
  if (!(kernels::Chain(Dialect::rule(*out)) == chain))
    refuse("is for " + chain.text() + "; this optimizer is " + std::string(Dialect::name));
  return out;
}

template <class Dialect>
void LikeTorch<Dialect>::save(torch::serialize::OutputArchive& archive) const {
  drop_empty_states();
  torch::optim::serialize<typename Dialect::State, Options>(archive, *this);
  write_class(archive, Dialect::name);
}

template <class Dialect>
void LikeTorch<Dialect>::load(torch::serialize::InputArchive& archive) {
  if (is_before_1_5(archive)) return load_before_1_5(archive);
  TorchArchive file(archive, Dialect::name);
  Loaded loaded;
  for (std::size_t g = 0; g < file.groups(); ++g) {
    loaded.options.push_back(std::make_unique<Options>(untouched<Options>()));
    file.read_options(g, *loaded.options.back());
    auto& states = loaded.states.emplace_back(file.parameters(g));
    for (std::size_t i = 0; i < states.size(); ++i) {
      auto state = std::make_unique<typename Dialect::State>();
      if (file.read_state(g, i, *state)) states[i] = std::move(state);
    }
  }
  accept(std::move(loaded));
}

// Lets libtorch's own class read them, for the parameters of the first group; these files hold no options.
template <class Dialect>
void LikeTorch<Dialect>::load_before_1_5(torch::serialize::InputArchive& archive) {
  typename Dialect::Torch reader(param_groups_.at(0).params(),
                                 static_cast<const Options&>(param_groups_[0].options()));
  read_before_1_5(reader, archive, Dialect::name);
  Loaded loaded;
  for (const OptimizerParamGroup& group : param_groups_) {
    loaded.options.push_back(group.options().clone());
    auto& states = loaded.states.emplace_back();
    for (const torch::Tensor& parameter : group.params()) {
      const auto found = reader.state().find(key_of(parameter));
      states.push_back(found == reader.state().end() ? nullptr : std::move(found->second));
    }
  }
  accept(std::move(loaded));
}

template struct AdamDialect<torch::optim::Adam, torch::optim::AdamOptions, torch::optim::AdamParamState,
                            rules::Adam, rules::Amsgrad>;
template struct AdamDialect<torch::optim::AdamW, torch::optim::AdamWOptions, torch::optim::AdamWParamState,
                            rules::AdamW, rules::AmsgradW>;
template class LikeTorch<SgdDialect>;
template class LikeTorch<AdagradDialect>;
template class LikeTorch<RmsPropDialect>;
template class LikeTorch<PlainAdamDialect>;
template class LikeTorch<AdamWDialect>;

}  // namespace basin::optim
