#include "basin/optim/sam.hpp"

#include <torch/utils.h>

#include <cmath>

#include "basin/core/domain.hpp"
#include "basin/core/error.hpp"
#include "basin/core/knobs.hpp"

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

std::vector<Tensor> gradients_of(const std::vector<Tensor>& parameters) {
  std::vector<Tensor> out;
  for (const Tensor& p : parameters) out.push_back(p.grad());
  return out;
}

}  // namespace

Sam::Sam(torch::optim::Optimizer& optimizer, SamOptions options)
    : optimizer_(optimizer), options_(checked(options)) {}

Sam::Tensors Sam::parameters_with_gradient() const {
  Tensors out;
  for (const auto& group : optimizer_.param_groups())
    for (const Tensor& p : group.params())
      if (p.grad().defined()) out.push_back(p);
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

// The part of the first gradient that is not along the second: what would change the loss at x, and not the gap.
void Sam::close_the_gap() const {
  const Tensors second = gradients_of(parameters_);
  const double along = product(first_, second) / product(second, second);
  if (!std::isfinite(along)) return;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    const Tensor gradient = second[i] - options_.gap * (first_[i] - along * second[i]);
    parameters_[i].mutable_grad().copy_(gradient);
  }
}

bool Sam::climb() {
  const torch::NoGradGuard no_gradients;
  parameters_ = parameters_with_gradient();
  const Tensors moved = perturbation(parameters_);
  if (moved.empty()) return false;
  before_.clear(), first_.clear();
  for (const Tensor& p : parameters_) {
    before_.push_back(p.detach().clone());  // x + e - e would not be x
    if (options_.gap > 0) first_.push_back(p.grad().clone());
  }
  for (std::size_t i = 0; i < parameters_.size(); ++i) parameters_[i].add_(moved[i]);
  for (Tensor& p : parameters_) p.mutable_grad().reset();
  return true;
}

void Sam::come_back() {
  const torch::NoGradGuard no_gradients;
  for (std::size_t i = 0; i < parameters_.size(); ++i) parameters_[i].copy_(before_[i]);
  if (options_.gap > 0) close_the_gap();
  parameters_.clear(), before_.clear(), first_.clear();
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
    evaluate();
    come_back();
  }
  optimizer_.step();
  return loss;
}

}  // namespace basin::optim
