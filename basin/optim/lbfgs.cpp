#include "basin/optim/lbfgs.hpp"

#include <torch/serialize/archive.h>
#include <torch/types.h>
#include <torch/utils.h>

#include "basin/core/domain.hpp"
#include "basin/core/on_exit.hpp"
#include "basin/optim/archive.hpp"
#include "basin/optim/step_checks.hpp"
#include "basin/optim/torch_archive.hpp"

namespace basin::optim {
namespace {

using torch::Tensor;

constexpr const char* class_name = "LBFGS";
constexpr double least_curvature = 1e-10;  // of a pair that is kept, y.s

void check_option(const char* option, double value, bool fits, const char* range) {
  if (!fits)
    throw InputError("lbfgs: " + std::string(option) + " = " + text_of(value) +
                     " is outside its range; it must be " + range + " or more");
}

void check(const torch::optim::LBFGSOptions& o) {
  check_option("lr", o.lr(), o.lr() >= 0, "0");
  check_option("max_iter", static_cast<double>(o.max_iter()), o.max_iter() >= 1, "1");
  check_option("history_size", static_cast<double>(o.history_size()), o.history_size() >= 1, "1");
  check_option("tolerance_grad", o.tolerance_grad(), o.tolerance_grad() >= 0, "0");
  check_option("tolerance_change", o.tolerance_change(), o.tolerance_change() >= 0, "0");
  if (o.line_search_fn() && *o.line_search_fn() != "strong_wolfe")
    throw InputError("lbfgs: line_search_fn = '" + *o.line_search_fn() +
                     "'; it must be 'strong_wolfe' or nothing");
}

const torch::optim::LBFGSOptions& options_as_own(const OptimizerOptions& options) {
  if (const auto* own = dynamic_cast<const torch::optim::LBFGSOptions*>(&options)) return *own;
  throw InputError("the options of a group are of another class; LBFGS takes torch::optim::LBFGSOptions");
}

void check_count(std::size_t groups) {
  if (groups != 1)
    throw InputError("lbfgs takes one parameter group, not " + std::to_string(groups) +
                     ": one step covers all parameters");
}

std::vector<OptimizerParamGroup> checked(std::vector<OptimizerParamGroup> groups) {
  check_count(groups.size());
  return groups;
}

[[noreturn]] void refuse_rule() { throw InputError("lbfgs has no rule for one weight"); }

// Returns the vectors that exist, each of which should have as many numbers as there are weights.
std::vector<Tensor> vectors_of(const torch::optim::LBFGSParamState& state) {
  std::vector<Tensor> out;
  for (const Tensor& t : {state.d(), state.prev_flat_grad()})
    if (t.defined()) out.push_back(t);
  out.insert(out.end(), state.old_dirs().begin(), state.old_dirs().end());
  out.insert(out.end(), state.old_stps().begin(), state.old_stps().end());
  return out;
}

// Describes what in a state does not match the number of weights; empty if everything does.
std::string misfit(const torch::optim::LBFGSParamState& state, std::int64_t weights) {
  for (const Tensor& t : vectors_of(state))
    if (t.dim() != 1 || t.numel() != weights)
      return "is for " + std::to_string(t.numel()) + " weights; this optimizer has " +
             std::to_string(weights);
  if (state.old_dirs().size() != state.old_stps().size() || state.old_dirs().size() != state.ro().size())
    return "has a history of " + std::to_string(state.old_stps().size()) + " steps and " +
           std::to_string(state.old_dirs().size()) + " changes of the gradient";
  if (state.n_iter() > 0 &&
      !(state.d().defined() && state.prev_flat_grad().defined() && state.H_diag().defined()))
    return "lacks the last direction or gradient";
  return "";
}

double greatest(const Tensor& flat) { return flat.numel() == 0 ? 0 : flat.abs().max().item<double>(); }

double product(const Tensor& a, const Tensor& b) { return a.dot(b).item<double>(); }

}  // namespace

LBFGS::LBFGS(std::vector<OptimizerParamGroup> groups, Options defaults)
    : Optimizer(checked(std::move(groups)), std::make_unique<Options>(std::move(defaults))) {
  settle();
  auto& given = static_cast<Options&>(*defaults_);
  if (given.max_eval()) return;
  given.max_eval(given.max_iter() * 5 / 4);  // in the group, too, as in libtorch
  static_cast<Options&>(param_groups_[0].options()).max_eval(given.max_eval());
}

LBFGS::LBFGS(std::vector<Tensor> parameters, Options defaults)
    : LBFGS(std::vector<OptimizerParamGroup>{OptimizerParamGroup(std::move(parameters))},
            std::move(defaults)) {}

const LBFGS::Options& LBFGS::options() const { return options_as_own(param_groups_[0].options()); }

void LBFGS::adopt(OptimizerParamGroup& group) {
  check_count(param_groups_.size());
  check(options_as_own(group.options()));
}

const kernels::Chain& LBFGS::chain_of(std::size_t) { refuse_rule(); }

kernels::AnyRule LBFGS::rule_of(const OptimizerOptions&) const { refuse_rule(); }

std::int64_t LBFGS::weights() const {
  std::int64_t out = 0;
  for (const Tensor& p : param_groups_[0].params()) out += p.numel();
  return out;
}

LBFGS::State& LBFGS::known() {
  auto& entry = state_[key_of(param_groups_[0].params().at(0))];
  if (!entry) {
    auto fresh = std::make_unique<State>();
    fresh->t(0).prev_loss(0);
    entry = std::move(fresh);
  }
  if (typeid(*entry) != typeid(State))
    throw InputError("lbfgs: the state is of another class; it must be torch::optim::LBFGSParamState");
  return static_cast<State&>(*entry);
}

std::int64_t LBFGS::state_bytes() {
  std::int64_t bytes = 0;
  if (!param_groups_[0].params().empty() && find_state(param_groups_[0].params()[0]))
    for (const Tensor& t : vectors_of(known())) bytes += static_cast<std::int64_t>(t.nbytes());
  return bytes;
}

Tensor LBFGS::flat_gradient() const {
  std::vector<Tensor> parts;
  const auto& parameters = param_groups_[0].params();
  for (std::size_t i = 0; i < parameters.size(); ++i) check_operands(i, "lbfgs", parameters[i]);
  for (const Tensor& p : parameters)
    parts.push_back(p.grad().defined() ? p.grad().to_dense().reshape(-1) : torch::zeros_like(p).reshape(-1));
  return torch::cat(parts);
}

void LBFGS::move(double t, const Tensor& direction) {
  std::int64_t begin = 0;
  for (Tensor& p : param_groups_[0].params()) {
    p.add_(direction.slice(0, begin, begin + p.numel()).view(p.sizes()), t);
    begin += p.numel();
  }
}

LBFGS::Point LBFGS::evaluate(const LossClosure& closure) {
  double loss;
  {
    const at::AutoGradMode with_gradients(true);
    loss = closure().item<double>();
  }
  return {0, loss, 0, flat_gradient()};
}

// Returns whether any of these numbers is not finite, which would make every weight NaN.
bool LBFGS::skip_unless_finite(const Tensor& flat) {
  const bool skip = !std::isfinite(greatest(flat));
  skipped_ += skip;
  return skip;
}

// Starts without a history.
void LBFGS::begin(State& state, const Tensor& gradient) {
  state.H_diag(torch::ones({}, gradient.options()));
  state.old_dirs({}), state.old_stps({}), state.ro({});
}

// Adds a pair of step s and gradient change y, if the loss curves upwards along it.
void LBFGS::update_history(State& state, const Tensor& gradient) const {
  const Tensor y = gradient - state.prev_flat_grad(), s = state.d() * state.t();
  const double curvature = product(y, s);
  if (curvature <= least_curvature) return;
  if (static_cast<std::int64_t>(state.old_dirs().size()) >= options().history_size()) {
    state.old_dirs().pop_front();
    state.old_stps().pop_front();
    state.ro().pop_front();
  }
  state.old_dirs().push_back(y);
  state.old_stps().push_back(s);
  state.ro().push_back(torch::tensor(1 / curvature, gradient.options()));
  state.H_diag(torch::tensor(curvature / product(y, y), gradient.options()));
}

Tensor LBFGS::direction(const State& state, const Tensor& gradient) const {
  const auto &y = state.old_dirs(), &s = state.old_stps(), &ro = state.ro();
  Tensor q = gradient.neg();
  std::vector<Tensor> a(y.size());
  for (std::size_t i = y.size(); i-- > 0;) {
    a[i] = s[i].dot(q) * ro[i];
    q.add_(y[i] * -a[i]);
  }
  q.mul_(state.H_diag());
  for (std::size_t i = 0; i < y.size(); ++i) q.add_(s[i] * (a[i] - y[i].dot(q) * ro[i]));
  return q;
}

LBFGS::Point LBFGS::line_search(const LossClosure& closure, const Point& here, const State& state,
                                int& evaluations) {
  std::vector<Tensor> start;
  for (const Tensor& p : param_groups_[0].params()) start.push_back(p.detach().clone());
  const auto go_to = [&](double t) {
    for (std::size_t i = 0; i < start.size(); ++i) param_groups_[0].params()[i].copy_(start[i]);
    move(t, state.d());
  };
  StrongWolfe<Tensor> search(
      [&](double t) {
        go_to(t);
        Point point = evaluate(closure);
        point.t = t;
        point.slope = product(point.gradient, state.d());
        return point;
      },
      here, greatest(state.d()), {.least_change = options().tolerance_change()});
  double reached = 0;  // unless the closure throws
  const OnExit leave_there([&] { go_to(reached); });
  Point found = search.search(state.t());
  evaluations += search.evaluations();
  reached = found.t;
  return found;
}

Tensor LBFGS::step(LossClosure closure) {
  if (!closure) throw InputError("lbfgs: step() needs a closure that computes the loss and its gradients");
  settle();
  check(options());
  const torch::NoGradGuard no_gradients;
  State& s = known();
  if (const std::string what = misfit(s, weights()); !what.empty())
    throw InputError("lbfgs: the state " + what);
  Point here = evaluate(closure);
  const Tensor loss = torch::tensor(here.loss, here.gradient.options());
  const Options& o = options();
  int evaluations = 1;
  ++s.func_evals();
  const std::int64_t most = o.max_eval().value_or(o.max_iter() * 5 / 4);

  for (std::int64_t i = 1; !(greatest(here.gradient) <= o.tolerance_grad()); ++i) {
    if (skip_unless_finite(here.gradient)) break;
    const bool first = s.n_iter()++ == 0;
    if (first)
      begin(s, here.gradient);
    else
      update_history(s, here.gradient);
    s.d(direction(s, here.gradient));
    s.prev_flat_grad(here.gradient.clone());
    s.prev_loss(here.loss);
    s.t(first ? std::min(1.0, 1 / here.gradient.abs().sum().item<double>()) * o.lr() : o.lr());
    here.slope = product(here.gradient, s.d());
    if (!(here.slope <= -o.tolerance_change()) || skip_unless_finite(s.d())) break;  // no descent

    const int before = evaluations;
    if (o.line_search_fn()) {
      here = line_search(closure, here, s, evaluations);
      s.t(here.t);
    } else {
      move(s.t(), s.d());
      if (i == o.max_iter()) break;  // the gradient is not needed here
      here = evaluate(closure);
      ++evaluations;
    }
    s.func_evals() += evaluations - before;
    here.t = 0;
    if (i == o.max_iter() || evaluations >= most || greatest(s.d() * s.t()) <= o.tolerance_change() ||
        std::abs(here.loss - s.prev_loss()) < o.tolerance_change())
      break;
  }
  return loss;
}

void LBFGS::save(torch::serialize::OutputArchive& archive) const {
  drop_empty_states();
  torch::optim::serialize<State, Options>(archive, *this);
  write_class(archive, class_name);
}

void LBFGS::load(torch::serialize::InputArchive& archive) {
  auto loaded_options = std::make_unique<Options>(options());
  auto loaded_state = std::make_unique<State>();
  const bool has_state = is_before_1_5(archive) ? read_old(archive, *loaded_state)
                                                : read(archive, *loaded_options, *loaded_state);
  check(*loaded_options);
  if (const std::string what = misfit(*loaded_state, weights()); has_state && !what.empty()) refuse(what);
  param_groups_[0].set_options(std::move(loaded_options));
  state_.clear();
  if (has_state) state_[key_of(param_groups_[0].params().at(0))] = std::move(loaded_state);
}

// Returns whether there is a state.
bool LBFGS::read(torch::serialize::InputArchive& archive, Options& options, State& state) const {
  TorchArchive file(archive, class_name);
  const std::size_t parameters = param_groups_[0].params().size();
  if (file.groups() != 1 || file.parameters(0) != parameters)
    refuse("has another number of parameters; this optimizer has " + std::to_string(parameters));
  file.read_options(0, options);
  return parameters > 0 && file.read_state(0, 0, state);
}

// For files of libtorch before 1.5, which stored neither the options nor the products of the history.
bool LBFGS::read_old(torch::serialize::InputArchive& archive, State& state) const {
  torch::optim::LBFGS reader(param_groups_[0].params(), options());
  read_before_1_5(reader, archive, class_name);
  if (reader.state().empty()) return false;
  state = static_cast<const State&>(*reader.state().begin()->second);
  if (state.old_dirs().size() != state.old_stps().size()) return true;  // refused by the caller
  std::deque<Tensor> products;
  for (std::size_t i = 0; i < state.old_dirs().size(); ++i) {
    const Tensor &y = state.old_dirs()[i], &s = state.old_stps()[i];
    if (y.sizes() == s.sizes()) products.push_back((y * s).sum().reciprocal());
  }
  state.ro(std::move(products));
  return true;
}

}  // namespace basin::optim
