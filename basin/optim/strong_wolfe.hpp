// A line search: finds a step along a direction after which the loss has fallen enough and its slope has
// flattened.
//
// Paper    Nocedal & Wright, Numerical Optimization, 2nd edition, 2006, Algorithms 3.5 and 3.6, with cubic
//          interpolation (eq. 3.59); bounds on the interpolation as in Schmidt's minFunc, which PyTorch
//          follows
// Finds    t with  f(t) <= f(0) + c1 t f'(0)   and   |f'(t)| <= c2 |f'(0)|      (the strong Wolfe conditions)
// Departs  from PyTorch: a point where the loss or the slope is not finite counts as too high, and the search
//          backs away; PyTorch's search ends there as NaN
#pragma once
#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <utility>

namespace basin::optim {

// The values at a step t along the direction.
template <class Gradient>
struct LinePoint {
  double t, loss, slope;  // slope: the inner product of gradient and direction
  Gradient gradient;
};

struct WolfeConditions {
  double sufficient_decrease = 1e-4, curvature = 0.9;  // c1, c2
  double least_change = 1e-9;                          // in the weights: a narrower bracket ends the search
  int most_evaluations = 25;                           // after the first
};

// Returns the minimum of the cubic through two points, within [least, most].
double cubic_minimum(double t1, double loss1, double slope1, double t2, double loss2, double slope2,
                     double least, double most);

// The state of one search, independent of the type of a gradient: `evaluate(t)` returns the point at t.
template <class Gradient>
class StrongWolfe {
 public:
  using Point = LinePoint<Gradient>;
  using Evaluate = std::function<Point(double t)>;

  // `direction_size` is the largest absolute value in the direction; it tells how far a bracket moves the
  // weights.
  StrongWolfe(Evaluate evaluate, Point start, double direction_size, WolfeConditions conditions = {})
      : evaluate_(std::move(evaluate)), start_(std::move(start)), size_(direction_size), wolfe_(conditions) {}

  // Returns the best point found. It satisfies the conditions unless the search ran out of evaluations or
  // room.
  //
  // Requires  start.slope < 0, t > 0
  Point search(double t);
  int evaluations() const { return evaluations_; }

 private:
  Point at(double t) {
    ++evaluations_;
    Point point = evaluate_(t);
    if (!std::isfinite(point.slope)) point.loss = std::numeric_limits<double>::infinity();
    return point;
  }
  bool too_high(const Point& p) const {
    return !(p.loss <= start_.loss + wolfe_.sufficient_decrease * p.t * start_.slope);
  }
  bool flat(const Point& p) const { return std::abs(p.slope) <= -wolfe_.curvature * start_.slope; }
  // Steps out until a minimum lies between low_ and high_. Returns true if a point already satisfies the
  // conditions.
  bool bracket(double t);
  void zoom();
  // Sets low_ to the better of the two.
  void set(Point a, Point b);
  double next_within();

  Evaluate evaluate_;
  Point start_;
  double size_;
  WolfeConditions wolfe_;
  Point low_{}, high_{};
  int evaluations_ = 0, rounds_ = 0;
  bool slow_ = false;  // the last step was close to an end of the bracket
};

template <class Gradient>
auto StrongWolfe<Gradient>::search(double t) -> Point {
  if (!bracket(t)) zoom();
  return low_;
}

template <class Gradient>
void StrongWolfe<Gradient>::set(Point a, Point b) {
  low_ = std::move(a);
  high_ = std::move(b);
  if (high_.loss < low_.loss) std::swap(low_, high_);
}

template <class Gradient>
bool StrongWolfe<Gradient>::bracket(double t) {
  Point previous = start_, now = at(t);
  for (; rounds_ < wolfe_.most_evaluations; ++rounds_) {
    const bool rising = rounds_ > 1 && now.loss >= previous.loss;
    if (too_high(now) || rising) return set(std::move(previous), std::move(now)), false;
    if (flat(now)) return low_ = std::move(now), true;
    if (now.slope >= 0) return set(std::move(previous), std::move(now)), false;
    const double least = now.t + 0.01 * (now.t - previous.t), most = now.t * 10;
    const double next =
        cubic_minimum(previous.t, previous.loss, previous.slope, now.t, now.loss, now.slope, least, most);
    previous = std::move(now);
    now = at(next);
  }
  set(start_, std::move(now));
  return false;
}

// Returns the minimum of the cubic, moved away from the ends of the bracket if it was close to one twice in a
// row.
template <class Gradient>
double StrongWolfe<Gradient>::next_within() {
  const auto [least, most] = std::minmax(low_.t, high_.t);
  const double t =
      cubic_minimum(low_.t, low_.loss, low_.slope, high_.t, high_.loss, high_.slope, least, most);
  const double margin = 0.1 * (most - least);
  const bool close = std::min(most - t, t - least) < margin;
  if (close && (slow_ || t >= most || t <= least)) {
    slow_ = false;
    return std::abs(t - most) < std::abs(t - least) ? most - margin : least + margin;
  }
  slow_ = close;
  return t;
}

template <class Gradient>
void StrongWolfe<Gradient>::zoom() {
  for (; rounds_ < wolfe_.most_evaluations; ++rounds_) {
    if (std::abs(high_.t - low_.t) * size_ < wolfe_.least_change) return;
    Point now = at(next_within());
    if (too_high(now) || now.loss >= low_.loss) {
      set(std::move(low_), std::move(now));
      continue;
    }
    const bool done = flat(now);
    if (!done && now.slope * (high_.t - low_.t) >= 0) high_ = low_;
    low_ = std::move(now);
    if (done) return;
  }
}

}  // namespace basin::optim
