#include "basin/train/callbacks.hpp"

#include <algorithm>

namespace basin::train {
namespace {

bool better(double value, double reference, double min_delta, Goal goal) {
  return goal == Goal::smallest ? value + min_delta < reference : value - min_delta > reference;
}

}  // namespace

bool EarlyStopping::improves(double value, double reference) const {
  return better(value, reference, settings_.min_delta, settings_.goal);
}

bool EarlyStopping::stop_after(double value) {
  ++epoch_;
  if (epoch_ < settings_.start_from_epoch) return false;
  ++wait_;
  if (!best_ || improves(value, *best_)) {  // the first value counts, whatever it is
    best_ = value;
    if (!settings_.baseline || improves(value, *settings_.baseline)) wait_ = 0;
    return false;
  }
  return wait_ >= settings_.patience && epoch_ > 0;
}

double ReduceLROnPlateau::next(double lr, double value) {
  if (cooldown_ > 0) {
    --cooldown_;
    wait_ = 0;
  }
  const double reference = best_.value_or(settings_.goal == Goal::smallest ? INFINITY : -INFINITY);
  if (better(value, reference, settings_.min_delta, settings_.goal)) {
    best_ = value;
    wait_ = 0;
    return lr;
  }
  if (cooldown_ > 0) return lr;
  ++wait_;
  if (wait_ < settings_.patience || lr <= settings_.min_lr) return lr;
  cooldown_ = settings_.cooldown;
  wait_ = 0;
  return std::max(lr * settings_.factor, settings_.min_lr);
}

bool PyTorchReduceLROnPlateau::improves(double value) const {
  const bool smallest = settings_.goal == Goal::smallest;
  const double best = best_.value_or(smallest ? INFINITY : -INFINITY);
  const double sign = smallest ? -1 : 1;
  const double bar =
      settings_.relative ? best * (1 + sign * settings_.threshold) : best + sign * settings_.threshold;
  return smallest ? value < bar : value > bar;
}

double PyTorchReduceLROnPlateau::next(double lr, double value) {
  if (improves(value)) {
    best_ = value;
    bad_ = 0;
  } else {
    ++bad_;
  }
  if (cooldown_ > 0) {
    --cooldown_;
    bad_ = 0;
  }
  if (bad_ <= settings_.patience) return lr;
  cooldown_ = settings_.cooldown;
  bad_ = 0;
  const double lower = std::max(lr * settings_.factor, settings_.min_lr);
  return lr - lower > settings_.eps ? lower : lr;
}

}  // namespace basin::train
