// libtorch's optimizer classes, with libtorch's names and types: replace torch::optim by basin::optim.
//
//   basin::optim::AdamW optimizer(model->parameters(), basin::optim::AdamWOptions(1e-3).weight_decay(0.1));
//   basin::optim::AdamW optimizer(model->parameters(), {.lr = 1e-3, .weight_decay = 0.1});
//
//   static_cast<basin::optim::AdamWOptions&>(optimizer.param_groups()[0].options()).lr(1e-4);
//   static_cast<basin::optim::AdamWParamState&>(*optimizer.state().begin()->second).exp_avg();
//
// The second form takes the knobs of rules::AdamW. Options are read at every step.
//
// A file that torch::save wrote can be loaded by the class of the same name on either side. Files of libtorch
// before 1.5 can be loaded, too; they hold no options. Groups with their own options are treated as by the
// installed libtorch.
//
// Departs  from libtorch, on purpose:
//            loading restores the options, while libtorch restores none; a state that does not fit is refused
//            options are checked at construction and at every step: momentum and dampening lie in [0, 1]
//            SGD keeps state only with momentum
#pragma once
#include <torch/optim/adagrad.h>
#include <torch/optim/adam.h>
#include <torch/optim/adamw.h>
#include <torch/optim/rmsprop.h>
#include <torch/optim/sgd.h>

#include "basin/optim/optimizer.hpp"
#include "basin/rules/adagrad.hpp"
#include "basin/rules/adam.hpp"
#include "basin/rules/adamw.hpp"
#include "basin/rules/amsgrad.hpp"
#include "basin/rules/rmsprop.hpp"
#include "basin/rules/sgd.hpp"

namespace basin::optim {

using torch::optim::AdagradOptions, torch::optim::AdagradParamState;
using torch::optim::AdamOptions, torch::optim::AdamParamState;
using torch::optim::AdamWOptions, torch::optim::AdamWParamState;
using torch::optim::RMSpropOptions, torch::optim::RMSpropParamState;
using torch::optim::SGDOptions, torch::optim::SGDParamState;

// One of libtorch's classes over one of basin's rules. A dialect defines what libtorch's options and state
// mean:
//
//   Options, State, Settings                          libtorch's two types; an aggregate to replace Options
//   static constexpr std::string_view name            of the class
//   static AnyRule rule(const Options&)               what the options ask for; may throw InputError
//   static Options options(const Settings&)
//   static void ask_for(Options&, const AnyRule&)     the reverse, as far as this dialect can express it
//   static Tensor& slot(State&, std::string_view)     where libtorch stores a slot of basin
//   Torch                                             libtorch's class
//   static constexpr bool begins_with_state           whether it has state before its first step
template <class Dialect>
class LikeTorch : public Optimizer {
 public:
  using Options = typename Dialect::Options;
  using Groups = std::vector<OptimizerParamGroup>;
  using Tensors = std::vector<torch::Tensor>;

  explicit LikeTorch(Groups groups, Options defaults = {});
  explicit LikeTorch(Tensors parameters, Options defaults = {})
      : LikeTorch(Groups{OptimizerParamGroup(std::move(parameters))}, std::move(defaults)) {}
  // Templates, so that libtorch's options win where both would match: {}, {1e-3}.
  template <class Settings = typename Dialect::Settings>
  explicit LikeTorch(Groups groups, const std::type_identity_t<Settings>& settings)
      : LikeTorch(std::move(groups), Dialect::options(settings)) {}
  template <class Settings = typename Dialect::Settings>
  explicit LikeTorch(Tensors parameters, const std::type_identity_t<Settings>& settings)
      : LikeTorch(std::move(parameters), Dialect::options(settings)) {}

  // Writes libtorch's layout.
  void save(torch::serialize::OutputArchive& archive) const override;
  // Throws InputError as Optimizer::load does; nothing changes then.
  void load(torch::serialize::InputArchive& archive) override;

 protected:
  const kernels::Chain& chain_of(std::size_t group) override;
  kernels::AnyRule rule_of(const OptimizerOptions& options) const override;
  void adopt(OptimizerParamGroup& group) override;
  std::unique_ptr<OptimizerParamState> fresh_state(const kernels::AnyRule& rule) const override;
  StateView view(OptimizerParamState& state, const kernels::AnyRule& rule) const override;
  std::unique_ptr<OptimizerOptions> options_with(const kernels::Chain& chain,
                                                 std::size_t group) const override;

 private:
  void load_before_1_5(torch::serialize::InputArchive& archive);

  std::vector<kernels::Chain> chains_;  // the last chain from the options of each group
};

struct SgdDialect {
  using Options = torch::optim::SGDOptions;
  using State = torch::optim::SGDParamState;
  using Torch = torch::optim::SGD;
  using Settings = rules::Sgd;
  static constexpr std::string_view name = "SGD";
  static constexpr bool begins_with_state = false;
  static kernels::AnyRule rule(const Options& o);
  static Options options(const Settings& s);
  static void ask_for(Options& o, const kernels::AnyRule& rule);
  static torch::Tensor& slot(State& state, std::string_view) { return state.momentum_buffer(); }
};

struct AdagradDialect {
  using Options = torch::optim::AdagradOptions;
  using State = torch::optim::AdagradParamState;
  using Torch = torch::optim::Adagrad;
  using Settings = rules::Adagrad;
  static constexpr std::string_view name = "Adagrad";
  static constexpr bool begins_with_state = true;
  static kernels::AnyRule rule(const Options& o);
  static Options options(const Settings& s);
  static void ask_for(Options& o, const kernels::AnyRule& rule);
  static torch::Tensor& slot(State& state, std::string_view) { return state.sum(); }
};

struct RmsPropDialect {
  using Options = torch::optim::RMSpropOptions;
  using State = torch::optim::RMSpropParamState;
  using Torch = torch::optim::RMSprop;
  using Settings = rules::RmsProp;
  static constexpr std::string_view name = "RMSprop";
  static constexpr bool begins_with_state = false;
  static kernels::AnyRule rule(const Options& o);
  static Options options(const Settings& s);
  static void ask_for(Options& o, const kernels::AnyRule& rule);
  static torch::Tensor& slot(State& state, std::string_view slot) {
    return slot == "square_avg" ? state.square_avg()
           : slot == "grad_avg" ? state.grad_avg()
                                : state.momentum_buffer();
  }
};

// Adam and AdamW differ in their types, their rules and the default of weight_decay.
template <class T, class O, class S, class Plain, class Amsgrad>
struct AdamDialect {
  using Torch = T;
  using Options = O;
  using State = S;
  using Settings = Plain;
  static constexpr std::string_view name = Plain::title;
  static constexpr bool begins_with_state = false;
  static kernels::AnyRule rule(const Options& o);
  static Options options(const Settings& s);
  static void ask_for(Options& o, const kernels::AnyRule& rule);
  static torch::Tensor& slot(State& state, std::string_view slot) {
    return slot == "exp_avg"      ? state.exp_avg()
           : slot == "exp_avg_sq" ? state.exp_avg_sq()
                                  : state.max_exp_avg_sq();
  }
};

using PlainAdamDialect = AdamDialect<torch::optim::Adam, torch::optim::AdamOptions,
                                     torch::optim::AdamParamState, rules::Adam, rules::Amsgrad>;
using AdamWDialect = AdamDialect<torch::optim::AdamW, torch::optim::AdamWOptions,
                                 torch::optim::AdamWParamState, rules::AdamW, rules::AmsgradW>;

using SGD = LikeTorch<SgdDialect>;
using Adagrad = LikeTorch<AdagradDialect>;
using RMSprop = LikeTorch<RmsPropDialect>;
using Adam = LikeTorch<PlainAdamDialect>;
using AdamW = LikeTorch<AdamWDialect>;

}  // namespace basin::optim
