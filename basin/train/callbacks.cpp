#include "basin/train/callbacks.hpp"

#include <algorithm>
#include <initializer_list>
#include <string_view>
#include <utility>

#include "basin/core/knobs.hpp"

namespace basin::train {
namespace {

bool better(double value, double reference, double min_delta, Goal goal) {
  return goal == Goal::smallest ? value + min_delta < reference : value - min_delta > reference;
}

// Throws InputError unless all of them are finite and 0 or more.
void check_amounts(std::string_view who, std::initializer_list<std::pair<const char*, double>> amounts) {
  for (const auto& [name, value] : amounts) check_range(who, name, value, domain::amount);
}

}  // namespace

EarlyStopping::EarlyStopping(const Settings& settings) : settings_(settings) {
  check_amounts("early stopping", {{"patience", settings.patience},
                                   {"min_delta", settings.min_delta},
                                   {"start_from_epoch", settings.start_from_epoch}});
  if (settings.baseline && std::isnan(*settings.baseline))
    throw InputError("early stopping: baseline = nan; it must be a number");
}

ReduceLROnPlateau::ReduceLROnPlateau(const Settings& settings) : settings_(settings) {
  check_range("plateau", "factor", settings.factor, domain::beta);
  check_amounts("plateau", {{"patience", settings.patience},
                            {"min_delta", settings.min_delta},
                            {"cooldown", settings.cooldown},
                            {"min_lr", settings.min_lr}});
}

PyTorchReduceLROnPlateau::PyTorchReduceLROnPlateau(const Settings& settings) : settings_(settings) {
  check_range("plateau", "factor", settings.factor, domain::beta);
  check_amounts("plateau", {{"patience", settings.patience},
                            {"threshold", settings.threshold},
                            {"cooldown", settings.cooldown},
                            {"min_lr", settings.min_lr},
                            {"eps", settings.eps}});
}

bool EarlyStopping::improves(double value, double reference) const {
  return better(value, reference, settings_.min_delta, settings_.goal);
}

bool EarlyStopping::stop_after(double value) {
  ++state_.epoch;
  if (state_.epoch < settings_.start_from_epoch) return false;
  ++state_.waited;
  if (!state_.best || improves(value, *state_.best)) {  // the first value counts, whatever it is
    state_.best = value;
    if (!settings_.baseline || improves(value, *settings_.baseline)) state_.waited = 0;
    return false;
  }
  return state_.waited >= settings_.patience && state_.epoch > 0;
}

double ReduceLROnPlateau::next(double lr, double value) {
  if (state_.cooldown > 0) {
    --state_.cooldown;
    state_.waited = 0;
  }
  const double reference = state_.best.value_or(settings_.goal == Goal::smallest ? INFINITY : -INFINITY);
  if (better(value, reference, settings_.min_delta, settings_.goal)) {
    state_.best = value;
    state_.waited = 0;
    return lr;
  }
  if (state_.cooldown > 0) return lr;
  ++state_.waited;
  if (state_.waited < settings_.patience || lr <= settings_.min_lr) return lr;
  state_.cooldown = settings_.cooldown;
  state_.waited = 0;
  return std::max(lr * settings_.factor, settings_.min_lr);
}

bool PyTorchReduceLROnPlateau::improves(double value) const {
  const bool smallest = settings_.goal == Goal::smallest;
  const double best = state_.best.value_or(smallest ? INFINITY : -INFINITY);
  const double sign = smallest ? -1 : 1;
  const double bar =
      settings_.relative ? best * (1 + sign * settings_.threshold) : best + sign * settings_.threshold;
  return smallest ? value < bar : value > bar;
}

double PyTorchReduceLROnPlateau::next(double lr, double value) {
  if (improves(value)) {
    state_.best = value;
    state_.waited = 0;
  } else {
    ++state_.waited;
  }
  if (state_.cooldown > 0) {
    --state_.cooldown;
    state_.waited = 0;
  }
  if (state_.waited <= settings_.patience) return lr;
  state_.cooldown = settings_.cooldown;
  state_.waited = 0;
  const double lower = std::max(lr * settings_.factor, settings_.min_lr);
  return lr - lower > settings_.eps ? lower : lr;
}

}  // namespace basin::train
