#include "basin/program/curve.hpp"

#include <algorithm>
#include <cmath>

#include "basin/core/knobs.hpp"

namespace basin::program {

Curve::Curve(const Problem& problem, double lr, std::vector<Point> earlier)
    : goal_(goal_of(problem.program->metric)),
      metric_(ranking_metric(problem)),
      names_(metrics_of(problem)),
      lr_(lr),
      earlier_(std::move(earlier)) {}

std::vector<Point> Curve::take(const Report& report, double seconds) {
  if (report.epoch) own_ = report.epoch;
  for (const auto& [name, value] : report.values) put(name, value);
  const auto found = report.values.find(goal_.name);
  if (found == report.values.end() || diverged_) return {};
  const std::size_t known = points_.size();
  if (points_.empty() && own_)
    for (const Point& point : earlier_)
      if (point.own < *own_) add(point);
  if (known == 0 && !points_.empty()) earlier_seconds_ = points_.back().epoch.seconds;
  if (!std::isfinite(found->second)) {
    diverged_ = goal_.name + " is " + (std::isnan(found->second) ? "not a number" : "infinite") + " after " +
                std::to_string(points_.size()) + " epochs";
  } else {
    next_.seconds = earlier_seconds_ + seconds;
    next_.lr = lr_;
    next_.epoch = static_cast<int>(points_.size()) + 1;
    add({own_.value_or(next_.epoch), next_});
  }
  own_.reset();
  next_ = {};
  return {points_.begin() + static_cast<std::ptrdiff_t>(known), points_.end()};
}

std::vector<Point> Curve::finish() {
  if (!points_.empty() || diverged_) return {};
  for (const Point& point : earlier_) add(point);
  return points_;
}

void Curve::put(const std::string& name, double value) {
  const Reported place = place_of(name, goal_.name);
  if (std::ranges::find(names_, place.metric) == names_.end()) return;
  if (name != goal_.name && place == place_of(goal_.name, goal_.name)) return;
  (place.split == Split::test    ? test_
   : place.split == Split::train ? next_.train
                                 : next_.validation)[place.metric] = value;
}

void Curve::add(Point point) {
  points_.push_back(std::move(point));
  const auto worth = [&](int epoch) {
    return metric_.worth(points_[static_cast<std::size_t>(epoch - 1)].epoch.validation);
  };
  const int last = static_cast<int>(points_.size());
  if (best_ == 0 || worth(last) > worth(best_)) best_ = last;
}

}  // namespace basin::program
