#include "cli/metric_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "basin/app/units.hpp"
#include "basin/metrics/metrics.hpp"

namespace basin::cli {
namespace {

// A program's metrics have names that basin does not know.
bool is_percent(const std::string& metric) {
  const auto& all = metrics::metric_infos();
  const auto found = std::ranges::find(all, metric, &metrics::Info::name);
  return found != all.end() && found->percent;
}

std::string short_name(const std::string& metric) { return metric == "accuracy" ? "acc" : metric; }

}  // namespace

std::string column_name(const std::string& metric) {
  return short_name(metric) + (is_percent(metric) ? " %" : "");
}

std::string metric_text(const std::string& metric, double value) {
  return is_percent(metric) ? app::percent(value) : app::significant(value);
}

std::string spread_text(const std::string& metric, const study::Summary& s) {
  const std::string mean = metric_text(metric, s.mean);
  if (!std::isfinite(s.sd)) return mean;
  const bool percent = is_percent(metric);
  if (percent) return mean + " ±" + app::percent(s.sd);
  return mean + " ±" + (s.sd >= 100 ? app::grouped(std::llround(s.sd)) : fmt::format("{:.2g}", s.sd));
}

std::string score_text(const Score& score, const std::string& prefix, const std::string& metric,
                       const std::string& between) {
  std::string out;
  const auto add = [&](const std::string& text) { out += (out.empty() ? "" : between) + prefix + text; };
  if (const double loss = value_of(score, "loss"); std::isfinite(loss)) add(fmt::format("loss {:.4f}", loss));
  for (const auto& [name, value] : score)
    if (name != "loss" && (metric.empty() || name == metric) && std::isfinite(value))
      add(short_name(name) + " " + metric_text(name, value));
  return out;
}

}  // namespace basin::cli
