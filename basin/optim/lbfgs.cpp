#include "basin/optim/lbfgs.hpp"

#include <torch/serialize/archive.h>
#include <torch/types.h>
#include <torch/utils.h>

#include "basin/core/domain.hpp"
#include "basin/optim/archive.hpp"
#include "basin/optim/distinct.hpp"
#include "basin/optim/state.hpp"
#include "basin/optim/torch_archive.hpp"

namespace basin::optim {
namespace {

using torch::Tensor;
using torch::optim::OptimizerParamGroup;

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

std::vector<OptimizerParamGroup> checked(std::vector<OptimizerParamGroup> groups) {
  if (groups.size() != 1)
    throw InputError("lbfgs takes one parameter group, not " + std::to_string(groups.size()) +
                     ": its step is one for all parameters");
  check_distinct(groups);
  return groups;
}

double greatest(const Tensor& flat) { return flat.numel() == 0 ? 0 : flat.abs().max().item<double>(); }

double product(const Tensor& a, const Tensor& b) { return a.dot(b).item<double>(); }

}  // namespace

LBFGS::LBFGS(std::vector<OptimizerParamGroup> groups, Options defaults)
    : torch::optim::Optimizer(checked(std::move(groups)), std::make_unique<Options>(std::move(defaults))) {
  check(options());
}

LBFGS::LBFGS(std::vector<Tensor> parameters, Options defaults)
    : LBFGS(std::vector<OptimizerParamGroup>{OptimizerParamGroup(std::move(parameters))},
            std::move(defaults)) {}

const LBFGS::Options& LBFGS::options() const {
  return static_cast<const Options&>(param_groups_[0].options());
}

LBFGS::State& LBFGS::state() {
  auto& slot = state_[key_of(param_groups_[0].params().at(0))];
  if (!slot) slot = std::make_unique<State>();
  return static_cast<State&>(*slot);
}

Tensor LBFGS::flat_gradient() const {
  std::vector<Tensor> parts;
  for (const Tensor& p : param_groups_[0].params())
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

// One more pair of step s and change of the gradient y, if the loss curves upwards along it.
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
  Point found = search.search(state.t());
  evaluations += search.evaluations();
  go_to(found.t);
  return found;
}

Tensor LBFGS::step(LossClosure closure) {
  if (!closure) throw InputError("lbfgs: step() needs a closure that computes the loss and its gradients");
  check(options());
  const torch::NoGradGuard no_gradients;
  Point here = evaluate(closure);
  const Tensor loss = torch::tensor(here.loss, here.gradient.options());
  const Options& o = options();
  State& s = state();
  int evaluations = 1;
  ++s.func_evals();
  const std::int64_t most = o.max_eval().value_or(o.max_iter() * 5 / 4);

  for (std::int64_t i = 1; greatest(here.gradient) > o.tolerance_grad(); ++i) {
    const bool first = s.n_iter()++ == 0;
    if (first)
      s.H_diag(torch::ones({}, here.gradient.options()));
    else
      update_history(s, here.gradient);
    s.d(direction(s, here.gradient));
    s.prev_flat_grad(here.gradient.clone());
    s.prev_loss(here.loss);
    s.t(first ? std::min(1.0, 1 / here.gradient.abs().sum().item<double>()) * o.lr() : o.lr());
    here.slope = product(here.gradient, s.d());
    if (!(here.slope <= -o.tolerance_change())) break;  // no way down

    const int before = evaluations;
    if (o.line_search_fn()) {
      here = line_search(closure, here, s, evaluations);
      s.t(here.t);
    } else {
      move(s.t(), s.d());
      if (i == o.max_iter()) break;  // nobody needs the gradient here
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
  torch::optim::serialize<State, Options>(archive, *this);
  write_class(archive, class_name);
}

void LBFGS::load(torch::serialize::InputArchive& archive) {
  TorchArchive file(archive, class_name);
  const auto& parameters = param_groups_[0].params();
  if (file.groups() != 1 || file.parameters(0) != parameters.size())
    refuse("has another number of parameters; this optimizer has " + std::to_string(parameters.size()));
  auto loaded_options = std::make_unique<Options>();
  file.read_options(0, *loaded_options);
  check(*loaded_options);
  auto loaded_state = std::make_unique<State>();
  const bool has_state = file.read_state(0, 0, *loaded_state);
  std::int64_t weights = 0;
  for (const Tensor& p : parameters) weights += p.numel();
  if (has_state && loaded_state->d().defined() && loaded_state->d().numel() != weights)
    refuse("is of " + std::to_string(loaded_state->d().numel()) + " weights; this optimizer has " +
           std::to_string(weights));
  param_groups_[0].set_options(std::move(loaded_options));
  state_.clear();
  if (has_state) state_[key_of(parameters[0])] = std::move(loaded_state);
}

}  // namespace basin::optim
