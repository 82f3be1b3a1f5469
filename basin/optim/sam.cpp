#include "basin/optim/sam.hpp"

#include <torch/utils.h>

#include <cmath>

#include "basin/core/domain.hpp"
#include "basin/core/error.hpp"
#include "basin/core/knobs.hpp"
#include "basin/optim/step_checks.hpp"

namespace basin::optim {
namespace {

using torch::Tensor;

SamOptions checked(const SamOptions& o) {
  for (const auto& [name, value] : {std::pair{"rho", o.rho}, {"eta", o.eta}, {"gap", o.gap}})
    check_range("sam", name, value, domain::amount);
  return o;
}

double product(const std::vector<Tensor>& a, const std::vector<Tensor>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] * b[i]).sum(torch::kFloat64).item<double>();
  return sum;
}

void check(std::size_t index, const Tensor& parameter) {
  if (parameter.grad().layout() != torch::kStrided)
    refuse_parameter(index, "sam", " has a sparse gradient; sam needs a dense one");
  check_operands(index, "sam", parameter);
}

std::vector<Tensor> gradients_of(const std::vector<Tensor>& parameters) {
  std::vector<Tensor> out;
  for (const Tensor& p : parameters) out.push_back(p.grad());
  return out;
}

}  // namespace

Sam::Sam(torch::optim::Optimizer& optimizer, SamOptions options)
    : optimizer_(optimizer), options_(checked(options)) {}

Sam::~Sam() { put_back(); }

Sam::Tensors Sam::parameters_with_gradient() const {
  Tensors out;
  std::size_t index = 0;
  for (const auto& group : optimizer_.param_groups())
    for (const Tensor& p : group.params()) {
      if (p.grad().defined()) check(index, p);
      if (p.grad().defined()) out.push_back(p);
      ++index;
    }
  return out;
}

Sam::Tensors Sam::perturbation(const Tensors& parameters) const {
  Tensors scaled, scales;
  for (const Tensor& p : parameters) {
    scales.push_back(options_.adaptive ? p.abs() + options_.eta : torch::ones({}, p.options()));
    scaled.push_back(scales.back() * p.grad());
  }
  const double length = std::sqrt(product(scaled, scaled));
  if (!(length > 0) || !std::isfinite(length)) return {};
  for (std::size_t i = 0; i < scaled.size(); ++i) scaled[i].mul_(scales[i]).mul_(options_.rho / length);
  return scaled;
}

// Removes the part of the first gradient that is not along the second: it would change the loss at x, but not
// the gap.
void Sam::close_the_gap() const {
  const Tensors second = gradients_of(parameters_);
  // If there is no second gradient, or one of another kind, the optimizer's own step reports it.
  for (std::size_t i = 0; i < second.size(); ++i)
    if (!second[i].defined() || second[i].sizes() != first_[i].sizes() ||
        second[i].layout() != torch::kStrided)
      return;
  const double along = product(first_, second) / product(second, second);
  if (!std::isfinite(along)) return;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    const Tensor gradient = second[i] - options_.gap * (first_[i] - along * second[i]);
    parameters_[i].mutable_grad().copy_(gradient);
  }
}

bool Sam::climb() {
  if (!before_.empty()) throw InputError("sam: climb() again before come_back()");
  const torch::NoGradGuard no_gradients;
  Tensors parameters = parameters_with_gradient();
  const Tensors moved = perturbation(parameters);
  if (moved.empty()) return false;
  Tensors before, first;
  for (const Tensor& p : parameters) {
    before.push_back(p.detach().clone());  // x + e - e would not be x
    if (options_.gap > 0) first.push_back(p.grad().clone());
  }
  parameters_ = std::move(parameters), before_ = std::move(before), first_ = std::move(first);
  for (std::size_t i = 0; i < parameters_.size(); ++i) parameters_[i].add_(moved[i]);
  for (Tensor& p : parameters_) p.mutable_grad().reset();
  return true;
}

void Sam::put_back() {
  const torch::NoGradGuard no_gradients;
  for (std::size_t i = 0; i < before_.size(); ++i) parameters_[i].copy_(before_[i]);
  before_.clear();
}

void Sam::come_back() {
  const torch::NoGradGuard no_gradients;
  put_back();
  if (!first_.empty()) close_the_gap();
  parameters_.clear(), first_.clear();
}

Tensor Sam::step(const torch::optim::Optimizer::LossClosure& closure) {
  if (!closure) throw InputError("sam: step() needs a closure that computes the loss and its gradients");
  const auto evaluate = [&] {
    const at::AutoGradMode with_gradients(true);
    return closure();
  };
  optimizer_.zero_grad();
  Tensor loss = evaluate();
  if (climb()) {
    try {
      evaluate();
    } catch (...) {
      put_back();
      throw;
    }
    come_back();
  }
  optimizer_.step();
  return loss;
}

}  // namespace basin::optim
