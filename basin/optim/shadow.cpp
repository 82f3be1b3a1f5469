#include "basin/optim/shadow.hpp"

#include <torch/serialize/archive.h>
#include <torch/utils.h>

#include <algorithm>
#include <sstream>

#include "basin/core/on_exit.hpp"
#include "basin/kernels/follow.hpp"
#include "basin/optim/archive.hpp"
#include "basin/optim/distinct.hpp"

namespace basin::optim {
namespace {

using torch::Tensor;

std::vector<Tensor> copies_of(const std::vector<Tensor>& tensors) {
  std::vector<Tensor> out;
  for (const Tensor& t : tensors) out.push_back(t.detach().clone(at::MemoryFormat::Preserve));
  return out;
}

std::string described(const Tensor& tensor) {
  std::ostringstream text;
  text << tensor.sizes() << ' ' << tensor.scalar_type() << " on " << tensor.device();
  return text.str();
}

void check_count(std::size_t found, std::size_t own) {
  if (found != own)
    refuse("has " + std::to_string(found) + " averaged parameters; there are " + std::to_string(own));
}

}  // namespace

Shadow::Shadow(std::vector<Tensor> parameters)
    : parameters_(std::move(parameters)),
      shadow_(copies_of(parameters_)),
      follower_(shadow_, kernels::AnyRule(kernels::Follow{})) {
  for (std::size_t i = 0; i < parameters_.size(); ++i) index_[parameters_[i].unsafeGetTensorImpl()] = i;
}

bool Shadow::holds_all_of(const torch::optim::Optimizer& optimizer) const {
  for (const OptimizerParamGroup& group : optimizer.param_groups())
    for (const Tensor& parameter : group.params())
      if (!of(parameter)) return false;
  return true;
}

void Shadow::take_in(const torch::optim::Optimizer& optimizer) {
  for (const OptimizerParamGroup& group : optimizer.param_groups())
    for (const Tensor& parameter : group.params()) {
      if (of(parameter)) continue;
      index_[parameter.unsafeGetTensorImpl()] = parameters_.size();
      parameters_.push_back(parameter);
      shadow_.push_back(copies_of({parameter}).front());
      follower_.param_groups()[0].params().push_back(shadow_.back());
    }
}

void Shadow::check() const {
  for (std::size_t i = 0; i < shadow_.size(); ++i) {
    const Tensor &now = parameters_[i], &then = shadow_[i];
    const auto refuse = [&](const std::string& what) {
      throw InputError("averaged parameter " + std::to_string(i) + " " + what);
    };
    if (now.sizes() != then.sizes() || now.scalar_type() != then.scalar_type() ||
        now.device() != then.device())
      refuse("is " + described(now) + " now, but its average is " + described(then));
    if (!in_memory(now) || overlaps_itself(now))
      refuse("has elements that share memory, or that its storage does not hold");
  }
}

void Shadow::follow(double share) {
  check();
  share_ = share;
  followed_.clear();
  follow_others();
}

Tensor Shadow::step(Optimizer& optimizer, Optimizer::LossClosure closure, double share) {
  check();
  share_ = share;
  followed_.clear();
  optimizer.shadow_ = this;
  const OnExit take_back([&] { optimizer.shadow_ = nullptr; });
  Tensor loss = optimizer.step(std::move(closure));
  follow_others();
  return loss;
}

const Tensor* Shadow::of(const Tensor& parameter) const {
  const auto found = index_.find(parameter.unsafeGetTensorImpl());
  return found == index_.end() ? nullptr : &shadow_[found->second];
}

// A parameter without a gradient, for example, does not move, and yet its mean approaches it.
void Shadow::follow_others() {
  if (followed_.size() == shadow_.size()) return;
  std::ranges::sort(followed_);
  const OnExit no_gradients([&] {
    for (const Tensor& weights : shadow_) weights.mutable_grad().reset();
  });
  follower_.param_groups()[0].options().set_lr(share_);
  for (std::size_t i = 0; i < shadow_.size(); ++i)
    if (!std::ranges::binary_search(followed_, static_cast<const void*>(shadow_[i].data_ptr())))
      shadow_[i].mutable_grad() = parameters_[i].detach();
  follower_.step();
}

void Shadow::copy_back() {
  check();
  const torch::NoGradGuard no_gradients;
  for (std::size_t i = 0; i < shadow_.size(); ++i) parameters_[i].copy_(shadow_[i]);
}

void Shadow::swap() {
  check();
  const torch::NoGradGuard no_gradients;
  for (std::size_t i = 0; i < shadow_.size(); ++i) {
    const Tensor weights = parameters_[i].detach().clone(at::MemoryFormat::Preserve);
    parameters_[i].copy_(shadow_[i]);
    shadow_[i].copy_(weights);
  }
}

void Shadow::save(torch::serialize::OutputArchive& archive) const {
  archive.write("parameters", c10::IValue(static_cast<std::int64_t>(shadow_.size())));
  for (std::size_t i = 0; i < shadow_.size(); ++i)
    archive.write("parameter" + std::to_string(i), shadow_[i], true);
}

void Shadow::load(torch::serialize::InputArchive& archive) {
  check_count(static_cast<std::size_t>(read(archive, "parameters").toInt()), shadow_.size());
  std::vector<Tensor> loaded(shadow_.size());
  for (std::size_t i = 0; i < loaded.size(); ++i)
    archive.read("parameter" + std::to_string(i), loaded[i], true);
  assign(loaded);
}

void Shadow::assign(const std::vector<Tensor>& weights) {
  check_count(weights.size(), shadow_.size());
  for (std::size_t i = 0; i < weights.size(); ++i)
    if (weights[i].sizes() != shadow_[i].sizes())
      refuse("has another shape for averaged parameter " + std::to_string(i));
  const torch::NoGradGuard no_gradients;
  for (std::size_t i = 0; i < weights.size(); ++i) shadow_[i].copy_(weights[i]);
}

}  // namespace basin::optim
