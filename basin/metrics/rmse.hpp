// Root of the mean squared error.
//
// Definition  sqrt(mse)
// Value       0 or more, in the target's unit; smaller is better
// Undefined   for no example
// Source      sklearn.metrics.mean_squared_error with squared=False
// Departs     with several outputs it is the root of their common mean; scikit-learn takes the mean of their
//             roots
#pragma once
#include <cmath>

#include "basin/metrics/mse.hpp"

namespace basin::metrics {

struct Rmse {
  static constexpr Info info{.name = "rmse",
                             .title = "RMSE",
                             .help = "root of the mean of the squared differences from the values",
                             .better = Better::smaller,
                             .targets = Targets::values,
                             .high = unbounded};
  Mse mse;
  auto parts() { return mse.parts(); }

  void add(const Predictions& predictions) { mse.add(predictions); }
  double value() const { return std::sqrt(mse.value()); }
};
static_assert(Metric<Rmse>);

}  // namespace basin::metrics
