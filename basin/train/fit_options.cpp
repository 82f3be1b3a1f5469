#include "basin/train/fit_options.hpp"

#include "basin/core/error.hpp"
#include "basin/core/knobs.hpp"

namespace basin::train {
namespace {

void check_least(const char* what, std::int64_t value, std::int64_t least) {
  if (value < least)
    throw InputError(std::string("training: ") + what + " = " + std::to_string(value) + "; it must be " +
                     std::to_string(least) + " or more");
}

}  // namespace

void FitOptions::check() const {
  check_least("epochs", epochs, 1);
  check_least("batch_size", batch_size, 1);
  check_least("micro_batch", micro_batch, 0);
  check_range("training", "seconds between checkpoints", checkpoints.every, domain::amount);
  nn::check(regularization);
  data::check(augmentation);
}

}  // namespace basin::train
