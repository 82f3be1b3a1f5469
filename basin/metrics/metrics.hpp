// The list of metrics. One line here yields the name that people type, the row in `basin list`, and the
// tests.
#pragma once
#include "basin/core/list.hpp"
#include "basin/metrics/accuracy.hpp"
#include "basin/metrics/auc.hpp"
#include "basin/metrics/balanced_accuracy.hpp"
#include "basin/metrics/bits_per_char.hpp"
#include "basin/metrics/error.hpp"
#include "basin/metrics/f1.hpp"
#include "basin/metrics/log_loss.hpp"
#include "basin/metrics/mae.hpp"
#include "basin/metrics/mse.hpp"
#include "basin/metrics/perplexity.hpp"
#include "basin/metrics/r2.hpp"
#include "basin/metrics/rmse.hpp"
#include "basin/metrics/top5.hpp"

namespace basin::metrics {

using All = List<Accuracy, ErrorRate, Top5, BalancedAccuracy, F1, Auc, LogLoss, Perplexity, BitsPerChar, Mse,
                 Rmse, Mae, R2>;

template <Metric... M>
constexpr bool all_are_metrics(List<M...>) {
  return true;
}
static_assert(all_are_metrics(All{}));

// Returns every metric, in the order of the list.
const std::vector<Info>& metric_infos();
// Throws InputError, "unknown metric 'acuracy'; did you mean 'accuracy'?".
const Info& find_metric(std::string_view name);
// Returns what gathers the metric, with nothing added. Throws as `find_metric` does.
std::unique_ptr<Gathering> begin(std::string_view name);

}  // namespace basin::metrics
