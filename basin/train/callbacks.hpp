// EarlyStopping and ReduceLROnPlateau with Keras's semantics, and the latter also with PyTorch's: small state
// machines that receive one number per epoch.
//
// Source   keras/src/callbacks/{early_stopping,reduce_lr_on_plateau}.py, version 3;
//          torch/optim/lr_scheduler.py
// Traps    both compare strictly, so an equal value is not an improvement; NaN never improves, and a NaN that
//          comes first becomes the best, which nothing beats; min_delta is absolute, and 0 for EarlyStopping
//          but 1e-4 for the plateau, so training can stop before the rate ever drops; patience 0 acts as 1;
//          PyTorch's plateau is relative and fires one epoch later
#pragma once
#include <cmath>
#include <optional>
#include <variant>

#include "basin/core/fields.hpp"

namespace basin::train {

enum class Goal { smallest, largest };

// The state of a callback between epochs: all that a checkpoint must store.
struct CallbackState {
  BASIN_RECORD(CallbackState, "callback")
  BASIN_FIELD(std::optional<double>, best, required, "so far") = {};
  BASIN_FIELD(int, waited, required, "epochs without an improvement") = 0;
  BASIN_FIELD(int, cooldown, required, "epochs left") = 0;
  BASIN_FIELD(int, epoch, required, "the last one, from 0; counted by EarlyStopping only") = -1;
};

class Remembering {
 public:
  const CallbackState& state() const { return state_; }
  void resume(const CallbackState& state) { state_ = state; }

 protected:
  CallbackState state_;
};

// Receives one number per epoch and says when to stop.
class EarlyStopping : public Remembering {
 public:
  struct Settings {
    int patience = 0;
    double min_delta = 0;
    Goal goal = Goal::smallest;
    std::optional<double> baseline = {};  // waiting restarts only if this is beaten, too
    int start_from_epoch = 0;             // earlier epochs, counted from 0, are ignored
  };
  // Throws InputError for a setting outside its range.
  explicit EarlyStopping(const Settings& settings);
  // Takes the value of the next epoch. Returns true to stop.
  bool stop_after(double value);

 private:
  bool improves(double value, double reference) const;
  Settings settings_;
};

// Receives one number per epoch and returns the rate for the next.
class ReduceLROnPlateau : public Remembering {
 public:
  struct Settings {
    double factor = 0.1;
    int patience = 10;
    double min_delta = 1e-4;
    int cooldown = 0;
    double min_lr = 0;
    Goal goal = Goal::smallest;
  };
  // Throws InputError for a setting outside its range.
  explicit ReduceLROnPlateau(const Settings& settings);
  // Returns the rate after an epoch that was trained with `lr` and ended with `value`.
  double next(double lr, double value);

 private:
  Settings settings_;
};

// PyTorch's version: improvement is relative, and the rate falls after more than `patience` bad epochs.
class PyTorchReduceLROnPlateau : public Remembering {
 public:
  struct Settings {
    double factor = 0.1;
    int patience = 10;
    double threshold = 1e-4;
    bool relative = true;  // the threshold is a fraction of the best value, not a difference
    int cooldown = 0;
    double min_lr = 0;
    double eps = 1e-8;  // a smaller change of the rate is skipped
    Goal goal = Goal::smallest;
  };
  // Throws InputError for a setting outside its range.
  explicit PyTorchReduceLROnPlateau(const Settings& settings);
  double next(double lr, double value);

 private:
  bool improves(double value) const;
  Settings settings_;
};

using Plateau = std::variant<ReduceLROnPlateau, PyTorchReduceLROnPlateau>;
// Returns the rate after an epoch that was trained with `lr` and ended with `value`.
inline double next_rate(Plateau& plateau, double lr, double value) {
  return std::visit([&](auto& machine) { return machine.next(lr, value); }, plateau);
}
inline const CallbackState& state_of(const Plateau& plateau) {
  return std::visit([](const auto& machine) -> const CallbackState& { return machine.state(); }, plateau);
}
inline void resume(Plateau& plateau, const CallbackState& state) {
  std::visit([&](auto& machine) { machine.resume(state); }, plateau);
}

}  // namespace basin::train
