// The modes, training or evaluation, of a module and all modules below it: a frozen layer has its own mode.
#pragma once
#include <torch/nn/module.h>

#include <memory>
#include <utility>
#include <vector>

namespace basin::optim {

// Records the modes when constructed. The module must outlive it.
class Modes {
 public:
  explicit Modes(torch::nn::Module& module) : module_(module), training_(module.is_training()) {
    note(module);
  }

  void put_back() const {
    module_.train(training_);  // also sets those below, whose own modes follow
    for (const auto& [child, training] : below_) child->train(training);
  }

 private:
  void note(const torch::nn::Module& module) {
    for (const auto& child : module.children()) {
      below_.emplace_back(child, child->is_training());
      note(*child);
    }
  }

  torch::nn::Module& module_;
  bool training_;
  std::vector<std::pair<std::shared_ptr<torch::nn::Module>, bool>> below_;  // parents before children
};

// Restores the modes at the end of a scope, however it ends.
class KeepModes {
 public:
  explicit KeepModes(torch::nn::Module& module) : modes_(module) {}
  KeepModes(const KeepModes&) = delete;
  ~KeepModes() { modes_.put_back(); }

 private:
  Modes modes_;
};

}  // namespace basin::optim
