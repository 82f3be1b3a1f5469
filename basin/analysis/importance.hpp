// PED-ANOVA: how much each parameter decides whether a trial is among the best.
//
// Paper    Watanabe, Bansal & Hutter, PED-ANOVA: Efficiently Quantifying Hyperparameter Importance in
//          Arbitrary Subspaces, IJCAI 2023
// Value    the Pearson divergence of the best trials' distribution from that of all, one parameter at a time:
//            (n_top / n_all)^2 sum_x p_all(x) (p_top(x) / p_all(x) - 1)^2
// Density  on a grid of at most 50 steps over the scale of the axis, one truncated normal for each step with
//          trials, weighted by their number, and a prior of weight 1 in the middle that is as wide as the
//          grid. Bandwidth 1.059 min(IQR / 1.34, sd) n^-0.2, at least 0.5 / 1.64 of a step. Categories have
//          their counts, and a prior of weight 1 spread over all of them.
// Source   optuna.importance.PedAnovaImportanceEvaluator
// Departs  a parameter that not every trial has is judged by the trials that have it
#pragma once
#include <vector>

#include "basin/analysis/axis.hpp"

namespace basin::analysis {

// Returns one number for each axis, which is 0 or more. They are not normalized: divide by their sum.
//
// Requires  points[t] has a value for each axis: NaN where the trial lacks the parameter. values[t] is the
//           trial's result, smaller is better; infinity for a diverged one. 0 < top <= 1 is the share of the
//           trials that counts as best: two at least, and those that are as good as the last of them. Its
//           authors want five or more.
// Value     0 for every axis if there are fewer than two trials
std::vector<double> importance(const std::vector<Axis>& axes, const std::vector<std::vector<double>>& points,
                               const std::vector<double>& values, double top = 0.1);

}  // namespace basin::analysis
